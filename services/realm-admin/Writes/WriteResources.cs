using System.Runtime.ExceptionServices;
using Google.Protobuf;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.RealmAdmin.Changes;
using Pltfrms.Iam.RealmAdmin.Delegation;
using Pltfrms.Iam.RealmAdmin.Realms;
using Pltfrms.Iam.RealmAdmin.Storage;

namespace Pltfrms.Iam.RealmAdmin.Writes;

/// <summary>Creates, updates and deletes resources, which is the same for every kind: decided and written while nobody else writes the realm.</summary>
public sealed class WriteResources(
    RetriedWrites writes, RealmStore realms, RealmTables tables, ResourceCheck check, RemoveResource remove, PlatformRealm platform)
{
    /// <summary>One write; the answer is made of the resource as it is stored then, and of the realm's revision.</summary>
    public Task<TAnswer> ExecuteAsync<TResource, TAnswer>(
        WriteCall call, ResourceOperation operation, Func<TResource, long, TAnswer> answer, CancellationToken cancellationToken)
        where TResource : class, IRealmResource
        where TAnswer : IMessage<TAnswer>, new() =>
        ExecuteAsync(call, [operation], (written, revision) => answer((TResource)written[0].Resource, revision), cancellationToken);

    /// <summary>Several writes in their order, at one revision: all or none.</summary>
    public Task<TAnswer> ExecuteAsync<TAnswer>(
        WriteCall call,
        IReadOnlyList<ResourceOperation> operations,
        Func<IReadOnlyList<WrittenResource>, long, TAnswer> answer,
        CancellationToken cancellationToken)
        where TAnswer : IMessage<TAnswer>, new() =>
        writes.RunAsync(
            call,
            async write => answer(await ApplyAsync(write, call.RealmId, operations, cancellationToken), write.ResultingRevision),
            cancellationToken);

    /// <summary>Several writes in their order, looked at before they are taken back.</summary>
    public Task<T> PreviewAsync<T>(
        WriteCall call, IReadOnlyList<ResourceOperation> operations, Func<RealmWrite, Task<T>> look, CancellationToken cancellationToken) =>
        writes.PreviewAsync(
            call,
            async write =>
            {
                await ApplyAsync(write, call.RealmId, operations, cancellationToken);
                return await look(write);
            },
            cancellationToken);

    private async Task<IReadOnlyList<WrittenResource>> ApplyAsync(
        RealmWrite write, string realmId, IReadOnlyList<ResourceOperation> operations, CancellationToken cancellationToken)
    {
        var realm = await realms.FindAsync(write.Session, realmId, cancellationToken) ?? throw RealmNotFound.For(realmId);
        List<WrittenResource> written = [];
        while (written.Count < operations.Count)
        {
            var creations = CreationsFrom(operations, written.Count);
            if (creations.Count > 1)
            {
                written.AddRange(await CreateAsync(write, realm, creations, cancellationToken));
            }
            else
            {
                written.Add(await ApplyAsync(write, realm, operations[written.Count], cancellationToken));
            }
        }

        return written;
    }

    private async Task<WrittenResource> ApplyAsync(RealmWrite write, Realm realm, ResourceOperation operation, CancellationToken cancellationToken)
    {
        write.Limit?.Enter(operation.Kind);
        return operation switch
        {
            CreateResource create => new(await CreateAsync(write, realm, create, cancellationToken), IsGone: false),
            UpdateResource update => new(await UpdateAsync(write, realm, update, cancellationToken), IsGone: false),
            DeleteResource delete => new(await DeleteAsync(write, realm, delete, cancellationToken), IsGone: true),
            _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, "is no write"),
        };
    }

    /// <summary>
    /// The creations from here on that can be decided together: of one of the kinds that a realm has very many of. Nothing includes
    /// those, so none of them needs to be stored before the next one is decided.
    /// </summary>
    private static List<CreateResource> CreationsFrom(IReadOnlyList<ResourceOperation> operations, int start) => operations[start].Kind is ResourceKind.User or ResourceKind.RoleBinding
        ? [.. operations.Skip(start).TakeWhile(next => next.Kind == operations[start].Kind).TakeWhile(next => next is CreateResource).Cast<CreateResource>()]
        : [];

    private async Task<IEnumerable<WrittenResource>> CreateAsync(
        RealmWrite write, Realm realm, List<CreateResource> creations, CancellationToken cancellationToken)
    {
        write.Limit?.Enter(creations[0].Kind);
        var (drafts, refusal) = ReadAll(write, realm, creations);
        var ids = check.IdsOf(write.Session, realm.RealmId);
        await ids.LookUpAsync(drafts, cancellationToken);
        foreach (var draft in drafts)
        {
            await check.NewAsync(write, ids, draft, cancellationToken);
            await check.ReferencesAsync(write, ids, realm, draft, stored: null, cancellationToken);
            ids.Add(draft);
        }

        refusal?.Throw();
        await write.ApplyAsync([.. drafts.Select(draft => new RealmChange(null, draft.Resource))], cancellationToken);
        return drafts.Select(draft => new WrittenResource(draft.Resource, IsGone: false));
    }

    /// <summary>Up to the first that is wrong in itself: what is wrong with those before it is said first.</summary>
    private (List<Draft> Drafts, ExceptionDispatchInfo? Refusal) ReadAll(RealmWrite write, Realm realm, List<CreateResource> creations)
    {
        List<Draft> drafts = [];
        try
        {
            foreach (var create in creations)
            {
                drafts.Add(Read(write, realm, create));
            }

            return (drafts, null);
        }
        catch (IamException refusal)
        {
            return (drafts, ExceptionDispatchInfo.Capture(refusal));
        }
    }

    private async Task<IRealmResource> CreateAsync(RealmWrite write, Realm realm, CreateResource create, CancellationToken cancellationToken)
    {
        var draft = Read(write, realm, create);
        var ids = check.IdsOf(write.Session, realm.RealmId);
        await check.NewAsync(write, ids, draft, cancellationToken);
        await check.ReferencesAsync(write, ids, realm, draft, stored: null, cancellationToken);
        await write.ApplyAsync(new RealmChange(null, draft.Resource), cancellationToken);
        return draft.Resource;
    }

    private Draft Read(RealmWrite write, Realm realm, CreateResource create)
    {
        var form = ResourceForm.Of(create.Kind);
        var message = OperationFields.Require(form, create.Resource, create.Prefix, realm.RealmId);
        var draft = Draft.Read(form, realm.RealmId, platform.Is(realm.RealmId), message, $"{create.Prefix}{form.Field}");
        return draft with { Resource = write.WithAuthor(draft.Resource) };
    }

    private async Task<IRealmResource> UpdateAsync(RealmWrite write, Realm realm, UpdateResource update, CancellationToken cancellationToken)
    {
        var form = ResourceForm.Of(update.Kind);
        var path = $"{update.Prefix}{form.Field}";
        var message = OperationFields.Require(form, update.Resource, update.Prefix, realm.RealmId);
        var id = OperationFields.RequireId(form, form.IdOf(message), $"{path}.{form.IdField}");
        var stored = await FindAsync(write, form, realm.RealmId, id, cancellationToken);
        OperationFields.RequireEtag(stored, OperationFields.TextOf(message, "etag"), $"{path}.etag");

        var merged = UpdateMask.Apply(form, form.ToWire(stored), message, update.Mask, update.Prefix);
        var draft = Draft.Read(form, realm.RealmId, platform.Is(realm.RealmId), merged, path);
        var after = OperationFields.Completed(check.Sealed(draft.Resource), stored, path);
        if (write.Limit is { IsWithinOrganizations: true } limit)
        {
            after = await limit.Sight().WithHiddenAsync(after, stored, cancellationToken);
        }

        if (after.Equals(stored))
        {
            return stored;
        }

        var ids = check.IdsOf(write.Session, realm.RealmId);
        await ResourceCheck.PartsAsync(ids, draft, cancellationToken);
        await check.ReferencesAsync(write, ids, after as Realm ?? realm, draft, stored, cancellationToken);
        await remove.RefuseLossAsync(write, realm, stored, after, path, cancellationToken);
        await write.ApplyAsync(new RealmChange(stored, after), cancellationToken);
        return after;
    }

    private async Task<IRealmResource> DeleteAsync(RealmWrite write, Realm realm, DeleteResource delete, CancellationToken cancellationToken)
    {
        var form = ResourceForm.Of(delete.Kind);
        var path = $"{delete.Prefix}{form.IdField}";
        var id = OperationFields.RequireId(form, delete.Id, path);
        var stored = await FindAsync(write, form, realm.RealmId, id, cancellationToken);
        OperationFields.RequireEtag(stored, delete.Etag, $"{delete.Prefix}etag");
        await remove.ExecuteAsync(write, realm, stored, delete.Cascade, path, cancellationToken);
        return stored;
    }

    private async Task<IRealmResource> FindAsync(
        RealmWrite write, ResourceForm form, string realmId, string id, CancellationToken cancellationToken)
    {
        var stored = await tables.FindAsync(write.Session, form.Kind, realmId, id, cancellationToken);
        return stored is not null && (write.Limit is not { } limit || await limit.Sight().SeesAsync(stored, cancellationToken))
            ? stored
            : throw ResourceNotFound.For(form.Kind, id);
    }
}

/// <summary>What a write did.</summary>
/// <param name="Resource">As it is stored; where it is gone, as it was.</param>
/// <param name="IsGone">Whether it was removed.</param>
public sealed record WrittenResource(IRealmResource Resource, bool IsGone);
