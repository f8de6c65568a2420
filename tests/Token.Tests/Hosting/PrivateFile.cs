namespace Token.Tests.Hosting;

/// <summary>Files that hold keys.</summary>
internal static class PrivateFile
{
    public static void Write(string file, string content)
    {
        File.WriteAllText(file, content);
        Allow(file, UnixFileMode.None);
    }

    public static void Allow(string file, UnixFileMode others)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | others);
        }
    }
}
