using System.Net;

namespace Isr.Access.SignIn;

/// <summary>What came of an attempt to sign in.</summary>
/// <param name="Role">None for a wrong password.</param>
/// <param name="Secret">For the cookie.</param>
/// <param name="Wait">How long to wait, where the attempt was not heard.</param>
internal readonly record struct SignInResult(Role Role, string? Secret, TimeSpan Wait);

/// <summary>Compares passwords, which costs a tenth of a second each: a few at a time, and few wait.</summary>
internal sealed class SignInDesk(PasswordStore passwords, SessionStore sessions, SignInLimit limit) : IDisposable
{
    private const int MaxWaiting = 16;

    /// <summary>However many sign in, a core is left for the audio.</summary>
    private readonly SemaphoreSlim _places = new(Math.Clamp(Environment.ProcessorCount - 1, 1, 2));
    private int _waiting;

    public async Task<SignInResult> TryAsync(string password, IPAddress? address, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _waiting) > MaxWaiting)
        {
            // Not heard, so no failure either.
            Interlocked.Decrement(ref _waiting);
            return new SignInResult(Role.None, null, TimeSpan.FromSeconds(2));
        }

        try
        {
            if (!limit.TryBegin(address, out var wait))
            {
                return new SignInResult(Role.None, null, wait);
            }

            await _places.WaitAsync(cancellationToken);
            try
            {
                return await Task.Run(() => Compare(password, address), cancellationToken);
            }
            finally
            {
                _places.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    public void Dispose() => _places.Dispose();

    private SignInResult Compare(string password, IPAddress? address)
    {
        foreach (var role in (Role[])[Role.Manage, Role.Listen])
        {
            if (passwords.Of(role) is { } hash && hash.Fits(password))
            {
                limit.Succeed(address, forgets: role == Role.Manage || passwords.Of(Role.Manage) is null);
                return new SignInResult(role, sessions.Begin(role, hash), TimeSpan.Zero);
            }
        }

        return default;
    }
}
