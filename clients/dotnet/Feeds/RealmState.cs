using System.Collections.Frozen;
using Pltfrms.Iam.Common.Realms;
using Wire = Pltfrms.Iam.Token.V1;

namespace Pltfrms.Iam.Client.Feeds;

/// <summary>A realm as this application sees it at one revision. Never changes: the next revision's is another object.</summary>
internal sealed class RealmState
{
    private readonly FrozenSet<string> _audiences;
    private readonly bool _allAudiences;

    public RealmState(Wire.RealmView view, RealmSnapshot snapshot, long revision)
        : this(view.ViewId, view.Audiences.ToFrozenSet(StringComparer.Ordinal), view.AllAudiences, snapshot, revision)
    {
    }

    private RealmState(string viewId, FrozenSet<string> audiences, bool allAudiences, RealmSnapshot snapshot, long revision)
    {
        ViewId = viewId;
        _audiences = audiences;
        _allAudiences = allAudiences;
        Snapshot = snapshot;
        Revision = revision;
    }

    public string ViewId { get; }

    public RealmSnapshot Snapshot { get; }

    /// <summary>The realm's, which goes on where nothing changed that can be seen from here.</summary>
    public long Revision { get; }

    /// <summary>Whether delegations are in it.</summary>
    public bool ShowsDelegations => _allAudiences;

    /// <summary>Whether all that decides about a resource server's permissions is in it.</summary>
    public bool Shows(string audience) => _allAudiences || _audiences.Contains(audience);

    public RealmState With(RealmSnapshot snapshot, long revision) => new(ViewId, _audiences, _allAudiences, snapshot, revision);
}
