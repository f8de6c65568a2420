using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.Token.Feeds;

/// <summary>What a change of a realm is to who sees a part of it. What looks the same before and after did not change.</summary>
internal sealed class ViewChange
{
    private static readonly ResourceKind[] Vocabulary = [ResourceKind.Realm, ResourceKind.ResourceServer, ResourceKind.Scope, ResourceKind.Role];
    private static readonly ResourceKind[] Others = [.. Enum.GetValues<ResourceKind>().Except(Vocabulary)];

    private readonly ViewState _before;
    private readonly ViewState _after;
    private readonly HashSet<(ResourceKind Kind, string Id)> _compared = [];

    private ViewChange(ViewState before, ViewState after)
    {
        _before = before;
        _after = after;
    }

    public List<IRealmResource> Upserts { get; } = [];

    public List<(ResourceKind Kind, string Id)> Deletes { get; } = [];

    public bool IsEmpty => Upserts.Count + Deletes.Count == 0;

    /// <summary>What a view shows after a change of its realm.</summary>
    /// <param name="before">What it showed.</param>
    /// <param name="after">The realm as it is now.</param>
    /// <param name="delta">What changed since then; null: not known.</param>
    public static ViewState Next(ViewState before, RealmSnapshot after, RealmFeedEvent.Delta? delta) =>
        before with { Realm = after, Filter = delta is null || IsVocabulary(delta) ? new ViewFilter(after, before.Audiences) : before.Filter };

    /// <param name="before">What the view showed.</param>
    /// <param name="after">What it shows now.</param>
    /// <param name="delta">What changed in the realm between them; null: not known, everything is looked at.</param>
    public static ViewChange Between(ViewState before, ViewState after, RealmFeedEvent.Delta? delta)
    {
        var change = new ViewChange(before, after);
        if (delta is null)
        {
            change.CompareAll([.. Vocabulary, .. Others]);
            return change;
        }

        if (!ReferenceEquals(before.Filter, after.Filter))
        {
            change.CompareAll(Vocabulary);
            change.CompareFiltered();
        }

        foreach (var upsert in delta.Upserts)
        {
            change.Compare(upsert.Kind, upsert.Id);
        }

        foreach (var (kind, id) in delta.Deletes)
        {
            change.Compare(kind, id);
        }

        return change;
    }

    private static bool IsVocabulary(RealmFeedEvent.Delta delta) =>
        delta.Upserts.Any(upsert => Vocabulary.Contains(upsert.Kind)) || delta.Deletes.Any(deleted => Vocabulary.Contains(deleted.Kind));

    /// <summary>What the view shows differently though it did not change itself.</summary>
    private void CompareFiltered()
    {
        if (!_before.Filter.RoleIds.SetEquals(_after.Filter.RoleIds))
        {
            var changed = _before.Filter.RoleIds.ToHashSet(StringComparer.Ordinal);
            changed.SymmetricExceptWith(_after.Filter.RoleIds);
            foreach (var binding in _after.Realm.All(ResourceKind.RoleBinding).Cast<RoleBinding>().Where(binding => changed.Contains(binding.RoleId)))
            {
                Compare(ResourceKind.RoleBinding, binding.RoleBindingId);
            }
        }

        if (!_before.Filter.ShowsClientsAs(_after.Filter))
        {
            CompareAll([ResourceKind.Client]);
        }
    }

    private void CompareAll(IEnumerable<ResourceKind> kinds)
    {
        foreach (var kind in kinds)
        {
            foreach (var resource in _after.Realm.All(kind))
            {
                Compare(kind, resource.Id);
            }

            foreach (var resource in _before.Realm.All(kind).Where(resource => _after.Realm.Find(kind, resource.Id) is null))
            {
                Compare(kind, resource.Id);
            }
        }
    }

    private void Compare(ResourceKind kind, string id)
    {
        if (!_compared.Add((kind, id)))
        {
            return;
        }

        var before = _before.Filter.Show(_before.Realm.Find(kind, id));
        var after = _after.Filter.Show(_after.Realm.Find(kind, id));
        if (after is null && before is not null)
        {
            Deletes.Add((kind, id));
        }
        else if (after is not null && !after.Equals(before))
        {
            Upserts.Add(after);
        }
    }
}

/// <summary>A realm as a view shows it.</summary>
internal sealed record ViewState(RealmSnapshot Realm, ViewAudiences Audiences, ViewFilter Filter)
{
    public ViewState(RealmSnapshot realm, ViewAudiences audiences)
        : this(realm, audiences, new ViewFilter(realm, audiences))
    {
    }

    public long Revision => Realm.Revision;

    /// <summary>Everything that it shows; the realm itself first.</summary>
    public IEnumerable<IRealmResource> Resources() => Enum.GetValues<ResourceKind>().SelectMany(Realm.All).Select(Filter.Show).OfType<IRealmResource>();
}
