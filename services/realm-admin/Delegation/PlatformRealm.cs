using Microsoft.Extensions.Options;
using Pltfrms.Iam.RealmAdmin.Documents;

namespace Pltfrms.Iam.RealmAdmin.Delegation;

/// <summary>Section <c>Platform</c>.</summary>
public sealed class PlatformSettings
{
    public const string Section = "Platform";

    /// <summary>The realm whose administrators may administer all realms. It need not exist, and only an operator can make it.</summary>
    public string RealmId { get; set; } = PlatformRealm.UsualId;
}

/// <summary>Refuses ids that no realm can have.</summary>
internal sealed class PlatformSettingsValidator : IValidateOptions<PlatformSettings>
{
    public ValidateOptionsResult Validate(string? name, PlatformSettings options) => Rules.RealmId.Violation(options.RealmId) is { } violation
        ? ValidateOptionsResult.Fail($"{PlatformSettings.Section}:{nameof(PlatformSettings.RealmId)} {violation}.")
        : ValidateOptionsResult.Success;
}

/// <summary>The realm that administers realms.</summary>
public sealed class PlatformRealm(string realmId)
{
    public const string UsualId = "platform";

    public string RealmId => realmId;

    public bool Is(string id) => id == realmId;
}
