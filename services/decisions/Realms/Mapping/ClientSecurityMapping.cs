using Pltfrms.Iam.Common.Realms.Model;
using Wire = Pltfrms.Iam.RealmAdmin.V1;

namespace Pltfrms.Iam.Common.Realms.Mapping;

internal static class ClientSecurityMapping
{
    public static Wire.TlsClientAuth? ToWire(this TlsClientAuth? auth) => auth is null ? null : new()
    {
        SubjectDn = auth.SubjectDn ?? "",
        SanDns = auth.SanDns ?? "",
        SanUri = auth.SanUri ?? "",
        SanIp = auth.SanIp ?? "",
        SanEmail = auth.SanEmail ?? "",
    };

    public static TlsClientAuth? ToRecord(this Wire.TlsClientAuth? auth) => auth is null ? null : new()
    {
        SubjectDn = WireValues.NullIfEmpty(auth.SubjectDn),
        SanDns = WireValues.NullIfEmpty(auth.SanDns),
        SanUri = WireValues.NullIfEmpty(auth.SanUri),
        SanIp = WireValues.NullIfEmpty(auth.SanIp),
        SanEmail = WireValues.NullIfEmpty(auth.SanEmail),
    };

    /// <summary>What is usual is not sent.</summary>
    public static Wire.SecurityProfile ToWire(this SecurityProfile profile) =>
        profile == SecurityProfile.Fapi2 ? Wire.SecurityProfile.Fapi2 : Wire.SecurityProfile.Unspecified;

    /// <exception cref="InvalidDataException">A value that this version does not know: to ignore it would be to ask for less.</exception>
    public static SecurityProfile ToRecord(this Wire.SecurityProfile profile) => profile switch
    {
        Wire.SecurityProfile.Unspecified or Wire.SecurityProfile.None => SecurityProfile.None,
        Wire.SecurityProfile.Fapi2 => SecurityProfile.Fapi2,
        _ => throw WireValues.Unknown(profile),
    };
}
