using System.Buffers.Text;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Pltfrms.Iam.Common.Realms.Model;
using Wire = Pltfrms.Iam.RealmAdmin.V1;

namespace Pltfrms.Iam.Common.Realms.Mapping;

internal static class LoginSettingsMapping
{
    private static readonly LoginSettings Unset = new();

    /// <summary>For callers of the admin API: without the provider's client secret.</summary>
    public static Wire.LoginSettings? ToWire(this LoginSettings settings) => settings switch
    {
        { Upstream: { } upstream } => new() { Upstream = ToWire(upstream) },
        { CustomLoginUri: { } uri } => new() { CustomLoginUri = uri },
        _ => null,
    };

    /// <summary>For the services that log users in: with the sealed secret.</summary>
    public static Wire.LoginSettings? ToFeedWire(this LoginSettings settings)
    {
        var wire = settings.ToWire();
        if (settings.Upstream?.SealedClientSecret is { } secret)
        {
            wire!.Upstream.SealedClientSecret = ByteString.CopyFrom(Base64Url.DecodeFromChars(secret));
        }

        return wire;
    }

    public static LoginSettings ToRecord(this Wire.LoginSettings? settings) => settings?.ProviderCase switch
    {
        Wire.LoginSettings.ProviderOneofCase.Upstream => new() { Upstream = ToRecord(settings.Upstream) },
        Wire.LoginSettings.ProviderOneofCase.CustomLoginUri => new() { CustomLoginUri = settings.CustomLoginUri },
        _ => Unset,
    };

    private static Wire.UpstreamProvider ToWire(UpstreamProvider upstream) => new()
    {
        Issuer = upstream.Issuer,
        ClientId = upstream.ClientId,
        Scopes = { upstream.Scopes },
        CreateUsers = upstream.CreateUsers,
        RolesClaim = upstream.RolesClaim ?? "",
        RoleMappings = { ToWire(upstream.RoleMappings) },
        AcrMappings = { ToWire(upstream.AcrMappings) },
    };

    private static UpstreamProvider ToRecord(Wire.UpstreamProvider upstream) => new()
    {
        Issuer = upstream.Issuer,
        ClientId = upstream.ClientId,
        SealedClientSecret = upstream.SealedClientSecret.IsEmpty ? null : Base64Url.EncodeToString(upstream.SealedClientSecret.Span),
        Scopes = [.. upstream.Scopes],
        CreateUsers = upstream.CreateUsers,
        RolesClaim = WireValues.NullIfEmpty(upstream.RolesClaim),
        RoleMappings = ToRecord(upstream.RoleMappings),
        AcrMappings = ToRecord(upstream.AcrMappings),
    };

    private static Dictionary<string, string> ToWire(ValueList<ClaimMapping> mappings)
    {
        Dictionary<string, string> wire = new(StringComparer.Ordinal);
        foreach (var mapping in mappings)
        {
            wire[mapping.Value] = mapping.StandsFor;
        }

        return wire;
    }

    private static ValueList<ClaimMapping> ToRecord(MapField<string, string> wire) => wire
        .Select(entry => new ClaimMapping { Value = entry.Key, StandsFor = entry.Value })
        .OrderBy(mapping => mapping.Value, StringComparer.Ordinal)
        .ToValueList();
}
