using Pltfrms.Iam.Common.Realms.Model;
using Wire = Pltfrms.Iam.RealmAdmin.V1;

namespace Pltfrms.Iam.Common.Realms.Mapping;

internal static class DpopSettingsMapping
{
    private static readonly DpopSettings Unset = new();

    /// <summary>Settings that are the usual ones are not sent.</summary>
    public static Wire.DpopSettings? ToWire(this DpopSettings settings) =>
        settings == Unset ? null : new() { Required = settings.Required, RequireNonce = settings.RequireNonce };

    public static DpopSettings ToRecord(this Wire.DpopSettings? settings) =>
        settings is null ? Unset : new() { Required = settings.Required, RequireNonce = settings.RequireNonce };
}
