using System.Diagnostics.CodeAnalysis;

namespace Pltfrms.Iam.Common.Authentication;

/// <summary>Section <c>ServiceKey</c>: the EC P-256 key that this service signs its assertions with, PEM.</summary>
public sealed class ServiceKeySettings
{
    public const string Section = "ServiceKey";

    /// <summary>Sensitive: the key itself.</summary>
    public string? PrivateKey { get; set; }

    public string? PrivateKeyFile { get; set; }
}

/// <summary>Section <c>TrustedServices</c>: by name, the services whose assertions are accepted.</summary>
[SuppressMessage("Design", "CA1710", Justification = "Named after its section.")]
public sealed class TrustedServicesSettings : Dictionary<string, TrustedServiceSettings>
{
    public const string Section = "TrustedServices";

    public TrustedServicesSettings()
        : base(StringComparer.OrdinalIgnoreCase)
    {
    }
}

public sealed class TrustedServiceSettings
{
    /// <summary>The key itself, PEM.</summary>
    public string? PublicKey { get; set; }

    public string? PublicKeyFile { get; set; }

    /// <summary>What the service may do here, in every realm.</summary>
    public IReadOnlyList<string> Permissions { get; set; } = [];
}
