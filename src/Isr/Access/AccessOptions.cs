using System.Net;

namespace Isr.Access;

/// <summary>Who is let in, and by what.</summary>
/// <param name="StateDirectory">Holds passwords, tokens, sessions and the audit log.</param>
internal sealed record AccessOptions(string StateDirectory)
{
    /// <summary>Everybody may do everything, as the command line said aloud.</summary>
    public bool IsOpen { get; init; }

    /// <summary>Names that the server answers to besides its own.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Whose word for where a request comes from is taken.</summary>
    public IReadOnlyList<IPNetwork> TrustedProxies { get; init; } = [];

    /// <summary>What stands before every path, such as "/isr"; empty for nothing.</summary>
    public string BasePath { get; init; } = "";

    /// <summary>The environment, where containers have their secrets.</summary>
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    public string Folder => Path.Combine(StateDirectory, "access");
}
