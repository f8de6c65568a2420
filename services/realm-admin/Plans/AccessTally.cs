using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.RealmAdmin.Access;

namespace Pltfrms.Iam.RealmAdmin.Plans;

/// <summary>Counts access changes of one sort; keeps no more names than a sentence shows, but every permission.</summary>
internal sealed class AccessTally
{
    private readonly HashSet<string> _permissions = new(StringComparer.Ordinal);
    private readonly List<string> _names = [];
    private Principal? _last;

    public long Users { get; private set; }

    public long Clients { get; private set; }

    public long Changes { get; private set; }

    /// <remarks>Changes come ordered by principal.</remarks>
    public void Add(AccessChange change)
    {
        Changes++;
        _permissions.Add(change.Permission);
        if (_last == change.Principal)
        {
            return;
        }

        _last = change.Principal;
        _names.Add(change.Principal.Id);
        if (change.Principal.Type == MemberType.User)
        {
            Users++;
        }
        else
        {
            Clients++;
        }
    }

    /// <summary><c>1 client and 2 users ('svc', 'alice' and 'bob')</c>.</summary>
    public string Who()
    {
        string?[] counts = [Clients == 0 ? null : Listing.Count(Clients, "client"), Users == 0 ? null : Listing.Count(Users, "user")];
        return $"{string.Join(" and ", counts.OfType<string>())} ({Listing.Of(_names)})";
    }

    public string What() => Listing.Plain(_permissions.Order(StringComparer.Ordinal));

    public bool IsPlural => Users + Clients != 1;
}
