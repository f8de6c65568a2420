using System.Globalization;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms.Mapping;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Secrets;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.RealmAdmin.Changes;
using Pltfrms.Iam.RealmAdmin.Delegation;
using Pltfrms.Iam.RealmAdmin.Documents;
using Pltfrms.Iam.RealmAdmin.Realms;
using Pltfrms.Iam.RealmAdmin.Storage;

namespace Pltfrms.Iam.RealmAdmin.Writes;

/// <summary>Whether a realm can take a resource: names are free, what it refers to is there, and nothing goes round in circles.</summary>
public sealed class ResourceCheck(ResourceIdStore store, RealmTables tables, ChangeLogStore changeLog, UpstreamSecrets secrets)
{
    private static readonly RealmHostStore Hosts = new();

    /// <summary>The ids of a realm, for one write.</summary>
    internal TakenIds IdsOf(DatabaseSession session, string realmId) => new(store, session, realmId);

    /// <summary>The resource as it can be stored: without a secret that anybody could read.</summary>
    /// <exception cref="IamException">INVALID_ARGUMENT where there is no key for it.</exception>
    internal IRealmResource Sealed(IRealmResource resource) => resource is Realm realm ? secrets.Sealed(realm) : resource;

    /// <exception cref="IamException">ALREADY_EXISTS.</exception>
    internal async Task NewAsync(RealmWrite write, TakenIds ids, Draft draft, CancellationToken cancellationToken)
    {
        var resource = draft.Resource;
        var (kind, _, path) = draft.References.Declared.First(declared => declared.Kind == KindOf(resource) && declared.Id == resource.Id);
        if (kind == ReferenceKind.Scope)
        {
            // Shared with permissions, so that the owner is of either kind; a scope of the same name is one, too.
            if (await ids.FindScopeOwnerAsync(resource.Id, cancellationToken) is { } owner)
            {
                throw Exists(owner.Kind, owner.Id, path);
            }
        }
        else if (await ids.FindAsync(kind, resource.Id, cancellationToken) is { } taken)
        {
            throw Exists(resource.Kind.ToName(), taken, path);
        }

        // What was consented to, and what other systems keep under an id, is of whoever had it first: it is not for an organization to take over.
        if (write.Limit is { IsWithinOrganizations: true }
            && await changeLog.KnowsAsync(write.Session, resource.RealmId, resource.Kind, resource.Id, cancellationToken))
        {
            throw Exists(resource.Kind.ToName(), resource.Id, path);
        }

        await PartsAsync(ids, draft, cancellationToken);
    }

    /// <summary>Names that are parts of the resource and unique in the realm.</summary>
    /// <exception cref="IamException">ALREADY_EXISTS.</exception>
    internal static async Task PartsAsync(TakenIds ids, Draft draft, CancellationToken cancellationToken)
    {
        var (kind, id) = (draft.Resource.Kind.ToName(), draft.Resource.Id);
        foreach (var (_, name, path) in draft.References.Declared.Where(declared => declared.Kind == ReferenceKind.Scope))
        {
            if (await ids.FindScopeOwnerAsync(name, cancellationToken) is { } owner && owner != (kind, id))
            {
                throw Exists(owner.Kind, owner.Id, path);
            }
        }

        foreach (var identity in draft.Resource is User user ? user.ExternalIdentities : [])
        {
            if (await ids.FindUserAsync(identity, cancellationToken) is { } owner && owner != id)
            {
                throw Exists(ResourceKind.User.ToName(), owner, "user.external_identities");
            }
        }
    }

    /// <exception cref="IamException">DANGLING_REFERENCE with every one; CYCLE; HOST_NAME_TAKEN.</exception>
    internal async Task ReferencesAsync(
        RealmWrite write, TakenIds ids, Realm realm, Draft draft, IRealmResource? stored, CancellationToken cancellationToken)
    {
        if (draft.Resource is Realm { HostName: { } hostName }
            && await Hosts.FindRealmAsync(ids.Session, hostName, cancellationToken) is { } owner && owner != realm.RealmId)
        {
            throw HostNameTaken.At("realm.host_name", hostName);
        }

        await RefuseDanglingAsync(write.Limit, ids, realm, draft, stored, cancellationToken);
        foreach (var edge in draft.Edges)
        {
            await RefuseCycleAsync(write.Session, draft.Resource, edge, cancellationToken);
        }
    }

    private static async Task RefuseDanglingAsync(
        WriteLimit? limit, TakenIds ids, Realm realm, Draft draft, IRealmResource? stored, CancellationToken cancellationToken)
    {
        var before = stored is null ? [] : ResourceReferences.Of(stored).ToHashSet();
        List<FieldViolation> dangling = [];
        foreach (var (kind, id, path) in draft.References.Open)
        {
            var found = kind == ReferenceKind.Acr
                ? realm.AcrValues.FirstOrDefault(acr => acr == id)
                : await ids.FindAsync(kind, id, cancellationToken);
            if (found is not null && !before.Contains((kind, id)) && await IsHiddenAsync(limit, kind, found, cancellationToken))
            {
                found = null;
            }

            if (found != id)
            {
                var meant = found is null ? "" : $"; did you mean '{found}'?";
                dangling.Add(new FieldViolation(path, $"names {References.Noun(kind)} that the realm does not have: '{id}'{meant}"));
            }
        }

        if (dangling.Count > 0)
        {
            throw new IamException(ErrorReason.DanglingReference, $"{dangling[0].Field}: {dangling[0].Description}") { Violations = dangling };
        }
    }

    /// <summary>Whether the writer does not see what a name is of, so that to the writer it names nothing.</summary>
    private static async Task<bool> IsHiddenAsync(WriteLimit? limit, ReferenceKind kind, string id, CancellationToken cancellationToken) =>
        limit is { IsWithinOrganizations: true }
        && kind is ReferenceKind.Client or ReferenceKind.Group or ReferenceKind.Organization or ReferenceKind.User
        && !await limit.Sight().SeesAsync(Enum.Parse<ResourceKind>(kind.ToString()), id, cancellationToken);

    /// <summary>Everything that can be reached from the edge's other end; only the way up is walked, never the whole realm.</summary>
    private async Task RefuseCycleAsync(DatabaseSession session, IRealmResource resource, Cycles.Edge edge, CancellationToken cancellationToken)
    {
        Dictionary<string, string?> cameFrom = new(StringComparer.Ordinal) { [edge.To] = null };
        Queue<string> open = new([edge.To]);
        while (open.TryDequeue(out var id))
        {
            if (id == resource.Id)
            {
                throw Cycle(edge, Way(cameFrom, id));
            }

            var next = await tables.FindAsync(session, resource.Kind, resource.RealmId, id, cancellationToken);
            foreach (var above in next is null ? [] : Above(next).Where(above => cameFrom.TryAdd(above, id)))
            {
                open.Enqueue(above);
            }
        }
    }

    private static IEnumerable<string> Above(IRealmResource resource) => resource switch
    {
        Role role => role.IncludedRoleIds,
        Group group => group.ParentGroupIds,
        Organization { ParentOrganizationId: { } parent } => [parent],
        _ => [],
    };

    private static IEnumerable<string> Way(Dictionary<string, string?> cameFrom, string to)
    {
        List<string> way = [];
        for (var id = to; id is not null; id = cameFrom[id])
        {
            way.Insert(0, id);
        }

        return way;
    }

    private static ReferenceKind KindOf(IRealmResource resource) =>
        Enum.Parse<ReferenceKind>(resource.Kind.ToString());

    private static IamException Cycle(Cycles.Edge edge, IEnumerable<string> way)
    {
        var description = $"makes a cycle: {string.Join(" -> ", way.Prepend(edge.From))}";
        return new IamException(ErrorReason.Cycle, $"{edge.Path}: {description}") { Violations = [new FieldViolation(edge.Path, description)] };
    }

    internal static IamException Exists(string kind, string id, string path) =>
        new(ErrorReason.AlreadyExists, string.Create(CultureInfo.InvariantCulture, $"{path}: the realm has it already: {kind} '{id}'"))
        {
            Metadata = new Dictionary<string, string> { ["resource_kind"] = kind, ["resource_id"] = id },
            Violations = [new FieldViolation(path, $"is taken by {kind} '{id}'")],
        };
}
