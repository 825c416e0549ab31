using System.Text;

namespace Isr.Access.SignIn;

/// <summary>
/// The passwords for listening and for managing: from the environment, from a file that it names, or from the state directory.
/// A file is looked at for every request, so that a new password takes effect at once.
/// </summary>
internal sealed partial class PasswordStore(AccessOptions options, ILogger<PasswordStore> logger)
{
    private const int MaxFileBytes = 4096;

    private readonly Lock _gate = new();
    private readonly Dictionary<Role, Known> _known = [];

    public bool IsAnySet => Of(Role.Manage) is not null || Of(Role.Listen) is not null;

    /// <summary>Null when none is set; <see cref="PasswordHash.Unusable"/> when what is set cannot be read: that must not open the door.</summary>
    public PasswordHash? Of(Role role)
    {
        if (options.Environment(Variable(role)) is { Length: > 0 } text)
        {
            lock (_gate)
            {
                if (!_known.TryGetValue(role, out var given) || given.Text != text)
                {
                    _known[role] = given = new Known(text, default, PasswordHash.Parse(text) ?? PasswordHash.Unusable);
                }

                return given.Hash;
            }
        }

        var named = options.Environment(Variable(role) + "_FILE");
        var path = string.IsNullOrEmpty(named) ? PathOf(role) : named;
        if (!TryLook(path, out var changed))
        {
            return PasswordHash.Unusable;
        }

        lock (_gate)
        {
            if (!_known.TryGetValue(role, out var kept) || kept.Text != path || kept.Changed != changed)
            {
                _known[role] = kept = new Known(path, changed, Read(path, isNamed: !string.IsNullOrEmpty(named)));
            }

            return kept.Hash;
        }
    }

    /// <summary>What is wrong with what the environment says, as a sentence; null when nothing is.</summary>
    public string? Mistake()
    {
        foreach (var role in (Role[])[Role.Manage, Role.Listen])
        {
            if (Of(role) is { IsUsable: false })
            {
                return $"{SetBy(role) ?? PathOf(role)} holds no password that can be read: it must be what `isr password --print` prints, and this user must be allowed to read it.";
            }
        }

        return null;
    }

    public void Set(Role role, PasswordHash hash)
    {
        Directory.CreateDirectory(options.StateDirectory);
        SecretFile.Write(PathOf(role), Encoding.ASCII.GetBytes(hash.Text + "\n"));
    }

    /// <summary>False when there was none.</summary>
    public bool Remove(Role role)
    {
        var wasThere = File.Exists(PathOf(role));
        File.Delete(PathOf(role));
        return wasThere;
    }

    /// <summary>The environment sets this one, so that what is in the state directory has no effect.</summary>
    public string? SetBy(Role role) =>
        options.Environment(Variable(role)) is { Length: > 0 } ? Variable(role)
        : options.Environment(Variable(role) + "_FILE") is { Length: > 0 } ? Variable(role) + "_FILE"
        : null;

    private static string Variable(Role role) => role == Role.Manage ? "ISR_PASSWORD_HASH" : "ISR_LISTEN_PASSWORD_HASH";

    private string PathOf(Role role) => Path.Combine(options.Folder, role == Role.Manage ? "password" : "listen-password");

    /// <summary>False where the folder is another user's: what is in it is not known, and must not count as nothing.</summary>
    private static bool TryLook(string path, out DateTime changed)
    {
        try
        {
            changed = File.GetLastWriteTimeUtc(path);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            changed = default;
            return false;
        }
    }

    private PasswordHash? Read(string path, bool isNamed)
    {
        try
        {
            using var file = File.OpenRead(path);
            var bytes = new byte[MaxFileBytes];
            var hash = PasswordHash.Parse(Encoding.UTF8.GetString(bytes, 0, file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)));
            if (hash is null)
            {
                LogUnusable(path, "it holds no hash");
            }

            return hash ?? PasswordHash.Unusable;
        }
        catch (Exception e) when (!isNamed && (e is FileNotFoundException or DirectoryNotFoundException))
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogUnusable(path, e.Message);
            return PasswordHash.Unusable;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The password in {Path} cannot be read, so that nobody can sign in with it: {Reason}")]
    private partial void LogUnusable(string path, string reason);

    /// <param name="Text">The hash itself, or the file that holds it.</param>
    /// <param name="Changed">When that file was changed last.</param>
    /// <param name="Hash">Null where there is none.</param>
    private readonly record struct Known(string Text, DateTime Changed, PasswordHash? Hash);
}
