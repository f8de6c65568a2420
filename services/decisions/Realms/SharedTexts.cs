using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.Common.Realms;

/// <summary>
/// Gives equal ids of a snapshot one string: a realm's million role bindings name a few roles and organizations, and each user several times.
/// Lives as long as the snapshot is read.
/// </summary>
internal sealed class SharedTexts
{
    private readonly HashSet<string> _texts = new(StringComparer.Ordinal);

    public IRealmResource Share(IRealmResource resource) => resource switch
    {
        RoleBinding binding => binding with
        {
            RealmId = Of(binding.RealmId),
            MemberId = Of(binding.MemberId),
            RoleId = Of(binding.RoleId),
            OrganizationId = binding.OrganizationId is { } organizationId ? Of(organizationId) : null,
        },
        User user => user with
        {
            RealmId = Of(user.RealmId),
            UserId = Of(user.UserId),
            OrganizationIds = Of(user.OrganizationIds),
            GroupIds = Of(user.GroupIds),
        },
        _ => resource,
    };

    private string Of(string text)
    {
        if (_texts.TryGetValue(text, out var shared))
        {
            return shared;
        }

        _texts.Add(text);
        return text;
    }

    private ValueList<string> Of(ValueList<string> texts) => texts.Count == 0 ? ValueList<string>.Empty : texts.Select(Of).ToValueList();
}
