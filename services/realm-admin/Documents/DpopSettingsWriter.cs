using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.RealmAdmin.Documents.Yaml;

namespace Pltfrms.Iam.RealmAdmin.Documents;

/// <summary>Writes what <see cref="Sections.DpopSettingsSection"/> reads.</summary>
internal static class DpopSettingsWriter
{
    private static readonly DpopSettings Unset = new();

    public static void Write(YamlWriter yaml, DpopSettings settings)
    {
        if (settings != Unset)
        {
            yaml.Gap().Mapping("dpop", () => yaml.Flag("required", settings.Required).Flag("require_nonce", settings.RequireNonce));
        }
    }
}
