using Microsoft.Extensions.Options;
using Pltfrms.Iam.Common.Hosting;

namespace Pltfrms.Iam.Common.Authentication;

/// <summary>Section <c>Operator</c>.</summary>
public sealed class OperatorSettings
{
    public const string Section = "Operator";

    /// <summary>A file with the operators' bearer key. Without it and <see cref="Key"/> nobody is an operator.</summary>
    public string? KeyFile { get; set; }

    /// <summary>Sensitive: the key itself, for those who keep secrets in the environment.</summary>
    public string? Key { get; set; }
}

/// <summary>The key that operators bootstrap with: it has every <c>iam.*</c> permission in every realm.</summary>
public sealed class OperatorKey
{
    private const int MinLength = 32;
    private const UnixFileMode OthersMayRead =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    private readonly TokenHash? _hash;

    /// <exception cref="StartupException">The key cannot be used, or there are two.</exception>
    public OperatorKey(IOptions<OperatorSettings> settings)
    {
        var key = settings.Value switch
        {
            { Key: not null, KeyFile: not null } => throw new StartupException("Operator:Key and Operator:KeyFile are both set; set one of them."),
            { Key: { } value } => Long(value.Trim(), "Operator:Key has"),
            { KeyFile: { } file } => Read(file),
            _ => null,
        };
        _hash = key is null ? null : TokenHash.Of(key);
    }

    /// <summary>Compares hashes, so the time that it takes says nothing about the key or its length.</summary>
    internal bool Matches(in PresentedToken credential) => _hash is { } hash && TokenHash.FixedTimeEquals(credential.Hash, hash);

    private static string Read(string file)
    {
        try
        {
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & OthersMayRead) != 0)
            {
                throw new StartupException($"Operator:KeyFile: {file} can be read or written by others than its owner; chmod 600 it.");
            }

            return Long(File.ReadAllText(file).Trim(), $"Operator:KeyFile: {file} has");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"Operator:KeyFile: {file} cannot be read: {exception.Message}", exception);
        }
    }

    private static string Long(string key, string what) => key.Length >= MinLength
        ? key
        : throw new StartupException($"{what} a key of {key.Length} characters; it must have {MinLength} or more.");
}
