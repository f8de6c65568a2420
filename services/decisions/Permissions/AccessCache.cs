using System.Collections.Concurrent;
using Pltfrms.Iam.Common.Realms;

namespace Pltfrms.Iam.Common.Permissions;

/// <summary>What was compiled of a snapshot for the principals who came by; lives and dies with the snapshot. Reads take no lock.</summary>
internal sealed class AccessCache
{
    /// <summary>Compiling again costs a few microseconds, so starting over when full is cheaper than knowing who came last.</summary>
    internal const int Capacity = 10_000;

    private ConcurrentDictionary<Context, PrincipalAccess> _entries = new(concurrencyLevel: 1, capacity: 7);
    private int _count;

    public PrincipalAccess Get(RealmSnapshot realm, Principal principal, string? organizationId)
    {
        var entries = Volatile.Read(ref _entries);
        if (entries.TryGetValue(new(principal, organizationId), out var access))
        {
            return access;
        }

        access = PrincipalAccess.Create(realm, principal, organizationId);
        var isReal = organizationId is null || realm.FindOrganization(organizationId) is not null;
        if (isReal && !access.IsEmpty)
        {
            Add(entries, new(principal, organizationId), access);
        }

        return access;
    }

    private void Add(ConcurrentDictionary<Context, PrincipalAccess> entries, Context context, PrincipalAccess access)
    {
        if (Interlocked.Increment(ref _count) > Capacity)
        {
            entries = new(concurrencyLevel: 1, capacity: 7);
            Volatile.Write(ref _entries, entries);
            Interlocked.Exchange(ref _count, 1);
        }

        entries.TryAdd(context, access);
    }

    private readonly record struct Context(Principal Principal, string? OrganizationId);
}
