using System.Security.Cryptography;

namespace Pltfrms.Iam.Client;

/// <summary>A private key among the settings: as text, or in a file whose setting has <c>File</c> after its name.</summary>
/// <param name="Name">Of the setting with the text.</param>
/// <param name="Pem">Sensitive: the text.</param>
/// <param name="File">The file's path.</param>
internal readonly record struct KeySetting(string Name, string Pem, string File)
{
    public bool IsSet => Pem.Length > 0 || File.Length > 0;

    /// <summary>The setting that holds.</summary>
    public string Holding => Pem.Length > 0 ? Name : FileName;

    private string FileName => Name + "File";

    /// <summary>Sensitive: in PEM; null: there is none.</summary>
    public string? Text() => Pem.Length > 0 ? Pem : File.Length > 0 ? System.IO.File.ReadAllText(File) : null;

    /// <summary>Null: there is none.</summary>
    public ClientKey? Read() => Text() is { } pem ? ClientKey.Read(pem) : null;

    public IEnumerable<(string Setting, string Fault)> Faults() =>
        Pem.Length > 0 && File.Length > 0 ? [(FileName, $"must not be there beside {Name}")]
        : Fault() is { } fault ? [(Holding, fault)]
        : [];

    /// <summary>Without the key, for a log that prints the setting after all.</summary>
    public override string ToString() => Name;

    private string? Fault()
    {
        try
        {
            Read()?.Dispose();
            return null;
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            return "has no private key in PEM that can sign: EC of P-256 or P-384, or RSA of at least 2,048 bits";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return $"cannot be read: {exception.Message}";
        }
    }
}
