using System.Collections.Concurrent;
using System.Text;

namespace Isr.Access.SignIn;

/// <summary>
/// Who is signed in: a file for each session, named by the hash of its cookie, whose time is that of its last use. So a session
/// outlives the program, is the same for all processes that serve this folder, and is gone for good when its file is.
/// </summary>
internal sealed partial class SessionStore(AccessOptions options, PasswordStore passwords, TimeProvider time, ILogger<SessionStore> logger)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    /// <summary>How old a last use may get before it is written down anew.</summary>
    private static readonly TimeSpan s_renewal = TimeSpan.FromDays(1);
    private const int MaxSessions = 500;
    private const int MaxSecret = 64;

    /// <summary>Where the state directory cannot be written, sessions last as long as the program.</summary>
    private readonly ConcurrentDictionary<string, Session> _unwritten = new(StringComparer.Ordinal);

    /// <summary>What files hold never changes; only whether they are there, and when they were used.</summary>
    private readonly ConcurrentDictionary<string, Session> _known = new(StringComparer.Ordinal);

    private string Folder { get; } = Path.Combine(options.Folder, "sessions");

    /// <summary>The secret for the cookie.</summary>
    public string Begin(Role role, PasswordHash password)
    {
        var secret = SecretText.Create();
        var session = new Session(SecretText.Hash(secret), role, password.Fingerprint);
        try
        {
            Directory.CreateDirectory(options.StateDirectory);
            SecretFile.MakeFolder(Folder);
            MakeRoom();
            SecretFile.Write(PathOf(session.Key), Encoding.ASCII.GetBytes($"{role.ToString().ToLowerInvariant()} {session.Password}\n"));
            File.SetLastWriteTimeUtc(PathOf(session.Key), time.GetUtcNow().UtcDateTime);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotKept(Folder, e.Message);
            if (_unwritten.Count >= MaxSessions)
            {
                _unwritten.Clear();
            }

            _unwritten[session.Key] = session;
        }

        return secret;
    }

    /// <param name="secret">What the cookie carries.</param>
    /// <param name="isRenewed">It lasts longer from now on, and so should its cookie.</param>
    public Session? Find(string secret, out bool isRenewed)
    {
        isRenewed = false;
        if (secret.Length > MaxSecret)
        {
            return null;
        }

        var key = SecretText.Hash(secret);
        if (_unwritten.TryGetValue(key, out var session))
        {
            return IsOfToday(session) ? session : null;
        }

        var path = PathOf(key);
        if (!File.Exists(path))
        {
            _known.TryRemove(key, out _);
            return null;
        }

        if (!_known.TryGetValue(key, out session) && (session = Read(path, key)) is not null)
        {
            if (_known.Count >= MaxSessions)
            {
                _known.Clear();
            }

            _known[key] = session;
        }

        var now = time.GetUtcNow().UtcDateTime;
        var age = now - File.GetLastWriteTimeUtc(path);
        if (session is null || age > Lifetime || !IsOfToday(session))
        {
            Forget(key);
            return null;
        }

        // A use in the future is one by a clock that was wrong: it would last until then.
        if (age > s_renewal || age < -s_renewal)
        {
            isRenewed = Touch(path, now);
        }

        return session;
    }

    public void End(Session session) => Forget(session.Key);

    /// <summary>Its password is still the one.</summary>
    private bool IsOfToday(Session session) => passwords.Of(session.Role)?.Fingerprint == session.Password;

    private void Forget(string key)
    {
        _unwritten.TryRemove(key, out _);
        _known.TryRemove(key, out _);
        try
        {
            File.Delete(PathOf(key));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotEnded(Folder, e.Message);
        }
    }

    private static bool Touch(string path, DateTime now)
    {
        try
        {
            File.SetLastWriteTimeUtc(path, now);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It then ends earlier.
            return false;
        }
    }

    private static Session? Read(string path, string key)
    {
        try
        {
            var words = File.ReadAllText(path).Split(' ', '\n');
            return words is ["listen" or "manage", { Length: > 0 } password, ..]
                ? new Session(key, words[0] == "manage" ? Role.Manage : Role.Listen, password)
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Those that nobody used for long go first.</summary>
    private void MakeRoom()
    {
        var oldest = time.GetUtcNow().UtcDateTime - Lifetime;
        var files = new DirectoryInfo(Folder).GetFiles().OrderByDescending(file => file.LastWriteTimeUtc).ToList();
        foreach (var file in files.Where((file, index) => index >= MaxSessions - 1 || file.LastWriteTimeUtc < oldest))
        {
            file.Delete();
        }
    }

    private string PathOf(string key) => Path.Combine(Folder, key);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Who is signed in cannot be kept in {Folder}, and ends with the program: {Reason}")]
    private partial void LogNotKept(string folder, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "A session in {Folder} cannot be deleted: {Reason}")]
    private partial void LogNotEnded(string folder, string reason);
}
