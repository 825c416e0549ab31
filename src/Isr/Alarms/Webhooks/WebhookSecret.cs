using Isr.Configuration;

namespace Isr.Alarms.Webhooks;

/// <summary>What messages are signed with, from the configuration or the file that it names.</summary>
internal static class WebhookSecret
{
    private const int MaxBytes = 4096;

    /// <summary>The secret, null when messages are not signed; or why it cannot be had, as a sentence.</summary>
    public static (string? Secret, string? Mistake) Of(AlarmSettings settings)
    {
        if (settings.WebhookSecretFile is not { } path)
        {
            return (string.IsNullOrEmpty(settings.WebhookSecret) ? null : settings.WebhookSecret, null);
        }

        try
        {
            using var file = new StreamReader(path);
            var text = new char[MaxBytes + 1];
            var length = file.ReadBlock(text);
            var secret = new string(text, 0, length).Trim();
            return length > MaxBytes ? (null, $"webhook_secret_file {path} holds more than {MaxBytes} characters: it is to hold the secret alone.")
                : secret.Length == 0 ? (null, $"webhook_secret_file {path} is empty: write the secret into it.")
                : (secret, null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, $"webhook_secret_file {path} cannot be read: {e.Message}");
        }
    }
}
