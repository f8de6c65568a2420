namespace Pltfrms.Iam.Common.Hosting;

/// <summary>A file that holds a symmetric key in base64, for its owner's eyes only.</summary>
public static class KeyFile
{
    public const int KeySize = 32;

    private const UnixFileMode OthersMayRead =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <param name="setting">The setting that names the file, for the message.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="StartupException">The file cannot be used; the message names the setting and the file.</exception>
    public static byte[] Read(string setting, string path)
    {
        var key = new byte[KeySize];
        return Convert.TryFromBase64String(ReadText(setting, path).Trim(), key, out var written) && written == KeySize
            ? key
            : throw Unusable(setting, $"'{path}' does not hold {KeySize} bytes in base64; openssl rand -base64 {KeySize} makes them.");
    }

    private static string ReadText(string setting, string path)
    {
        try
        {
            return !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & OthersMayRead) != 0
                ? throw Unusable(setting, $"{path} can be read or written by others than its owner; chmod 600 it.")
                : File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw Unusable(setting, $"'{path}' cannot be read: {exception.Message}");
        }
    }

    private static StartupException Unusable(string setting, string why) => new($"{setting}: {why}");
}
