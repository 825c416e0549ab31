namespace Isr.Access.SignIn;

/// <summary>A browser that signed in.</summary>
/// <param name="Key">The hash of the secret that its cookie carries.</param>
/// <param name="Role">Of the password that was given.</param>
/// <param name="Password">Which password that was; the session ends when there is another.</param>
internal sealed record Session(string Key, Role Role, string Password);
