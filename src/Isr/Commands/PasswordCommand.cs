using System.CommandLine;
using System.Text;
using Isr.Access;
using Isr.Access.SignIn;
using Isr.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace Isr.Commands;

/// <summary>`password`: sets what people sign in with. A running program takes it over at once.</summary>
internal static class PasswordCommand
{
    public static Command Create()
    {
        var command = new Command("password", "Set the password of the page.");
        var options = new CommonOptions();
        options.AddTo(command, withPage: false);
        var role = AddRole(command, "manage: may do everything. listen: may see and hear, and change nothing.");
        role.DefaultValueFactory = _ => "manage";
        var stdin = new Option<bool>("--stdin") { Description = "Read the password from standard input, one line, instead of asking for it." };
        var print = new Option<bool>("--print") { Description = "Print the hash, for ISR_PASSWORD_HASH or a secret file, and set nothing." };
        var remove = new Option<bool>("--remove") { Description = "Remove the password." };
        command.Add(stdin);
        command.Add(print);
        command.Add(remove);
        command.SetAction(result =>
        {
            var isPrinted = result.GetValue(print);
            if (isPrinted && result.GetValue(remove))
            {
                return Wrong("--print and --remove do not go together.");
            }

            // A hash that is only printed belongs to no folder.
            if ((isPrinted ? Settings.ForFolder(Environment.CurrentDirectory) : RunCommand.LoadSettings(options.Read(result), RunParts.Page)) is not { } settings)
            {
                return ExitCode.Wrong;
            }

            var passwords = new PasswordStore(new AccessOptions(settings.General.StateDirectory), NullLogger<PasswordStore>.Instance);
            try
            {
                return result.GetValue(remove)
                    ? Remove(passwords, RoleOf(result.GetValue(role)), settings)
                    : Set(passwords, RoleOf(result.GetValue(role)), settings, result.GetValue(stdin), isPrinted);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Console.Error.WriteLine($"The password in {settings.General.StateDirectory} cannot be changed: {e.Message}");
                return ExitCode.Failed;
            }
        });
        return command;
    }

    internal static Option<string> AddRole(Command command, string description)
    {
        var role = new Option<string>("--role") { Description = description, HelpName = "ROLE" };
        role.AcceptOnlyFromAmong("listen", "manage");
        command.Add(role);
        return role;
    }

    internal static Role RoleOf(string? word) => word == "listen" ? Role.Listen : Role.Manage;

    private static int Set(PasswordStore passwords, Role role, Settings settings, bool fromInput, bool isPrinted)
    {
        if (!fromInput && Console.IsInputRedirected)
        {
            return Wrong("There is no terminal to ask at: use --stdin.");
        }

        if ((fromInput ? Console.In.ReadLine() : AskTwice()) is not { } password)
        {
            return Wrong(fromInput ? "There was no password on standard input." : "The two are not the same; nothing was changed.");
        }

        if (password.Length < PasswordHash.MinLength)
        {
            return Wrong($"A password needs at least {PasswordHash.MinLength} characters.");
        }

        if (password.Length > PasswordHash.MaxLength)
        {
            return Wrong($"A password has at most {PasswordHash.MaxLength} characters.");
        }

        var hash = PasswordHash.Create(password);
        if (isPrinted)
        {
            Console.WriteLine(hash.Text);
            return ExitCode.Done;
        }

        passwords.Set(role, hash);
        Console.WriteLine($"The password for {Purpose(role)} is set, in {settings.General.StateDirectory}. Who was signed in with another must sign in again.");
        TellOfEnvironment(passwords, role);
        if (passwords.Of(Role.Manage) is null)
        {
            Console.WriteLine("There is none for managing yet, so nobody who signs in can change anything: set it with `isr password`.");
        }

        return ExitCode.Done;
    }

    private static int Remove(PasswordStore passwords, Role role, Settings settings)
    {
        if (!passwords.Remove(role))
        {
            Console.Error.WriteLine($"There is no password for {Purpose(role)} in {settings.General.StateDirectory}.");
            return ExitCode.Failed;
        }

        Console.WriteLine($"The password for {Purpose(role)} is removed.{(passwords.IsAnySet ? "" : " From now on only this computer itself is let in.")}");
        TellOfEnvironment(passwords, role);
        return ExitCode.Done;
    }

    private static void TellOfEnvironment(PasswordStore passwords, Role role)
    {
        if (passwords.SetBy(role) is { } variable)
        {
            Console.WriteLine($"But {variable} is set, and goes before it.");
        }
    }

    private static string Purpose(Role role) => role == Role.Manage ? "managing" : "listening";

    private static int Wrong(string sentence)
    {
        Console.Error.WriteLine(sentence);
        return ExitCode.Wrong;
    }

    /// <summary>Null when it was not the same twice.</summary>
    private static string? AskTwice()
    {
        var first = Ask("Password: ");
        return first.Length < PasswordHash.MinLength || Ask("Once more: ") == first ? first : null;
    }

    private static string Ask(string prompt)
    {
        Console.Error.Write(prompt);
        var text = new StringBuilder();
        while (Console.ReadKey(intercept: true) is var key && key.Key != ConsoleKey.Enter)
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                text.Length = Math.Max(0, text.Length - 1);
            }
            else if (!char.IsControl(key.KeyChar))
            {
                text.Append(key.KeyChar);
            }
        }

        Console.Error.WriteLine();
        return text.ToString();
    }
}
