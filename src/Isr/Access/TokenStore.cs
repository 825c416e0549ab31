using System.Text.Json;

namespace Isr.Access;

/// <summary>
/// The API tokens, a file each. The folder's time says whether one came or went, so that a running program follows what the
/// command line does.
/// </summary>
internal sealed partial class TokenStore(AccessOptions options, TimeProvider time, ILogger<TokenStore> logger)
{
    private readonly Lock _gate = new();
    private Dictionary<string, ApiToken> _byHash = new(StringComparer.Ordinal);
    private DateTime _changed;

    private string Folder { get; } = Path.Combine(options.Folder, "tokens");

    /// <summary>The one of this secret, be it expired or not; null when there is none.</summary>
    public ApiToken? Find(string secret)
    {
        if (!secret.StartsWith(ApiToken.Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        lock (_gate)
        {
            var changed = Directory.GetLastWriteTimeUtc(Folder);
            if (changed != _changed)
            {
                _byHash = All().DistinctBy(token => token.Hash, StringComparer.Ordinal).ToDictionary(token => token.Hash, StringComparer.Ordinal);
                _changed = changed;
            }

            return _byHash.GetValueOrDefault(SecretText.Hash(secret));
        }
    }

    public IReadOnlyList<ApiToken> All() => Directory.Exists(Folder)
        ? [.. Directory.EnumerateFiles(Folder, "*.json").Order(StringComparer.Ordinal).Select(Read).OfType<ApiToken>()]
        : [];

    /// <summary>The secret, told this once; null when the name is taken.</summary>
    public string? Add(string name, Role role, int? days)
    {
        if (File.Exists(PathOf(name)))
        {
            return null;
        }

        var secret = ApiToken.Prefix + SecretText.Create();
        var now = time.GetUtcNow();
        var token = new ApiToken(name, role, SecretText.Hash(secret), now, days is { } given ? now.AddDays(given) : null);
        Directory.CreateDirectory(options.StateDirectory);
        SecretFile.Write(PathOf(name), JsonSerializer.SerializeToUtf8Bytes(token, TokenJson.Default.ApiToken));
        return secret;
    }

    /// <summary>False when there is none of that name.</summary>
    public bool Remove(string name)
    {
        var wasThere = File.Exists(PathOf(name));
        File.Delete(PathOf(name));
        return wasThere;
    }

    private string PathOf(string name) => Path.Combine(Folder, name + ".json");

    private ApiToken? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), TokenJson.Default.ApiToken) is { Name: not null, Hash: not null } token ? token : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            LogUnreadable(path, e.Message);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The token in {Path} cannot be read and is worth nothing: {Reason}")]
    private partial void LogUnreadable(string path, string reason);
}
