using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.RealmAdmin.Documents.Sections;

/// <summary><c>dpop</c>.</summary>
internal static class DpopSettingsSection
{
    public static DpopSettings Read(Fields fields) => new() { Required = fields.Flag("required"), RequireNonce = fields.Flag("require_nonce") };
}
