using System.Security.Cryptography;
using Pltfrms.Iam.Common.Hosting;

namespace Pltfrms.Iam.Suite;

/// <summary>The suite's files: three databases and three keys, and a lock while it runs.</summary>
internal sealed class DataFolder : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const string LockFile = "suite.lock";

    private static readonly string[] DatabaseSuffixes = ["", "-wal", "-shm", "-journal"];

    private readonly string _path;
    private readonly FileStream _lock;

    private DataFolder(string path, FileStream @lock)
    {
        _path = path;
        _lock = @lock;
    }

    public string RealmAdminDatabase => File("realm-admin.db");

    public string TokenDatabase => File("token.db");

    public string ConsentDatabase => File("consent.db");

    public string OperatorKey => File("operator.key");

    /// <summary>What the token service encrypts its signing keys with.</summary>
    public string KeyEncryptionKey => File("key-encryption.key");

    /// <summary>What realm-admin seals the secrets of realms with, and the token service opens them.</summary>
    public string SecretsKey => File("secrets.key");

    /// <summary>Takes the folder for this process, empties it where asked to, and makes the keys where they are missing.</summary>
    /// <exception cref="StartupException">It cannot be written, or another suite runs on it.</exception>
    public static DataFolder Open(string path, bool fresh)
    {
        FileStream? @lock = null;
        try
        {
            CreateFolder(path);
            @lock = Lock(path);
            var folder = new DataFolder(path, @lock);
            if (fresh)
            {
                folder.Empty();
            }

            WriteOnce(folder.OperatorKey, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)));
            WriteOnce(folder.KeyEncryptionKey, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
            WriteOnce(folder.SecretsKey, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
            return folder;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            @lock?.Dispose();
            throw new StartupException($"--data: {path} cannot be used: {exception.Message}", exception);
        }
    }

    public void Dispose() => _lock.Dispose();

    /// <summary>Deletes the suite's own files and nothing else.</summary>
    private void Empty()
    {
        string[] databases = [RealmAdminDatabase, TokenDatabase, ConsentDatabase];
        foreach (var file in databases.SelectMany(d => DatabaseSuffixes.Select(s => d + s)).Append(OperatorKey).Append(KeyEncryptionKey).Append(SecretsKey))
        {
            System.IO.File.Delete(file);
        }
    }

    // The databases hold hashed secrets and encrypted keys: nobody else's business.
    private static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);
        }
    }

    private static FileStream Lock(string path)
    {
        try
        {
            return new FileStream(Path.Combine(path, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (exception.GetType() == typeof(IOException))
        {
            throw new StartupException($"--data: another suite runs on {path}.", exception);
        }
    }

    // Written beside and moved into place, so that a key is there whole or not at all.
    private static void WriteOnce(string file, string content)
    {
        if (System.IO.File.Exists(file))
        {
            return;
        }

        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        var beside = $"{file}.new";
        System.IO.File.Delete(beside);
        using (var writer = new StreamWriter(new FileStream(beside, options)))
        {
            writer.WriteLine(content);
            writer.Flush();
            ((FileStream)writer.BaseStream).Flush(flushToDisk: true);
        }

        System.IO.File.Move(beside, file, overwrite: true);
    }

    private string File(string name) => Path.Combine(_path, name);
}
