using System.CommandLine;
using System.Globalization;
using Isr.Access;
using Microsoft.Extensions.Logging.Abstractions;

namespace Isr.Commands;

/// <summary>`token`: what scripts and players show instead of a password. A running program takes changes over at once.</summary>
internal static class TokenCommand
{
    private const int MaxDays = 36500;

    public static Command Create()
    {
        var command = new Command("token", "API tokens, for scripts and players.");
        var name = new Argument<string>("NAME") { Description = "What it is for: letters, digits, - _ and ." };

        var add = new Command("add", "Make a token, and print it this once.");
        var role = PasswordCommand.AddRole(add, "What it lets do: listen or manage.");
        role.Required = true;
        var days = new Option<int?>("--days") { Description = "How many days it lasts; for ever without.", HelpName = "N" };
        add.Add(name);
        add.Add(days);
        Serve(add, (tokens, result) => Add(tokens, result.GetValue(name)!, PasswordCommand.RoleOf(result.GetValue(role)), result.GetValue(days)));

        var list = new Command("list", "Show what tokens there are.");
        Serve(list, (tokens, _) => List(tokens));

        var remove = new Command("remove", "Make a token worth nothing from now on.");
        remove.Add(name);
        Serve(remove, (tokens, result) => Remove(tokens, result.GetValue(name)!));

        command.Add(add);
        command.Add(list);
        command.Add(remove);
        return command;
    }

    private static void Serve(Command command, Func<TokenStore, ParseResult, int> action)
    {
        var options = new CommonOptions();
        options.AddTo(command, withPage: false);
        command.SetAction(result =>
        {
            if (RunCommand.LoadSettings(options.Read(result), RunParts.Page) is not { } settings)
            {
                return ExitCode.Wrong;
            }

            try
            {
                return action(new TokenStore(new AccessOptions(settings.General.StateDirectory), TimeProvider.System, NullLogger<TokenStore>.Instance), result);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Console.Error.WriteLine($"The tokens in {settings.General.StateDirectory} cannot be used: {e.Message}");
                return ExitCode.Failed;
            }
        });
    }

    private static int Add(TokenStore tokens, string name, Role role, int? days)
    {
        if (!ApiToken.IsName(name))
        {
            Console.Error.WriteLine("The name of a token has 1 to 64 letters, digits, - _ and ., and does not begin with a dot.");
            return ExitCode.Wrong;
        }

        if (days is < 1 or > MaxDays)
        {
            Console.Error.WriteLine($"--days {days} is not from 1 to {MaxDays}; without it a token lasts for ever.");
            return ExitCode.Wrong;
        }

        if (tokens.Add(name, role, days) is not { } secret)
        {
            Console.Error.WriteLine($"There is a token {name} already: remove it first, or take another name.");
            return ExitCode.Failed;
        }

        Console.WriteLine(secret);
        Console.Error.WriteLine("This is shown once. Send it as `Authorization: Bearer …`, or as the password of a user of any name.");
        return ExitCode.Done;
    }

    private static int List(TokenStore tokens)
    {
        var now = TimeProvider.System.GetUtcNow();
        var rows = tokens.All().Select(token => new[]
        {
            token.Name,
            token.Role.ToString().ToLowerInvariant(),
            Day(token.Created),
            token.Expires is not { } end ? "never" : token.IsOver(now) ? Day(end) + ", expired" : Day(end),
        }).ToList();
        if (rows.Count == 0)
        {
            Console.WriteLine("There are no tokens.");
            return ExitCode.Done;
        }

        TextTable.Write(Console.Out, ["name", "role", "made", "ends"], rows);
        return ExitCode.Done;
    }

    private static int Remove(TokenStore tokens, string name)
    {
        if (!ApiToken.IsName(name) || !tokens.Remove(name))
        {
            Console.Error.WriteLine("There is no token of that name: `isr token list` shows those that there are.");
            return ExitCode.Failed;
        }

        Console.WriteLine($"The token {name} is removed.");
        return ExitCode.Done;
    }

    private static string Day(DateTimeOffset time) => time.ToLocalTime().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
