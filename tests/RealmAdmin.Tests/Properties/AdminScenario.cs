using System.Collections;
using System.Globalization;
using Google.Protobuf;
using Pltfrms.Iam.RealmAdmin.Audit;
using Pltfrms.Iam.RealmAdmin.V1;
using RealmAdmin.Tests.Hosting;
using RealmAdmin.Tests.Storage;
using RealmAdmin.Tests.Writes;
using Testing.Databases;

namespace RealmAdmin.Tests.Properties;

/// <summary>Does steps to the service and to a naive realm, and compares. What differs first is thrown.</summary>
internal sealed class AdminScenario(RealmAdminServer server, TestDatabase fixture)
{
    private static readonly ParallelOptions AtOnce = new() { MaxDegreeOfParallelism = 8 };

    private readonly AdminCalls _admin = new(server);
    private readonly string _realmId = Samples.NewRealmId();
    private readonly NaiveRealm _realm = new();
    private long _revision = 1;

    public int Refused { get; private set; }

    /// <summary>How many changes of access previews and plans were right about.</summary>
    public int Foretold { get; private set; }

    /// <summary>The step that failed, or how many there were.</summary>
    public int Done { get; private set; }

    public async Task RunAsync(IReadOnlyList<Step> steps)
    {
        await _admin.CallAsync(Import(new NaiveRealm()));
        for (var i = 0; i < steps.Count; i++, Done++)
        {
            try
            {
                await (steps[i] switch
                {
                    Step.Write write => WriteAsync(write),
                    Step.Import import => ImportAsync(import),
                    _ => throw new ArgumentOutOfRangeException(nameof(steps), steps[i], "is no step"),
                });
                // Nobody writes meanwhile, so that all is asked at once.
                await Task.WhenAll(CompareRealmAsync(), CompareAccessAsync(i % 10 == 9 || i == steps.Count - 1 ? int.MaxValue : 2, i));
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"step {i}, {steps[i]}: {exception.Message}"), exception);
            }
        }

        await CompareListsAsync();
        await VerifyAuditAsync();
    }

    private async Task WriteAsync(Step.Write step)
    {
        var after = _realm.Clone();
        var reasons = after.Apply(step.Operations);
        if (reasons.Count > 0)
        {
            Refused++;
            IMessage[] refused = step.Preview ? [Request(step), Preview(step)] : [Request(step)];
            foreach (var request in refused)
            {
                var refusal = await _admin.RefusalAsync(request);
                Assert.True(reasons.Contains(refusal.Reason), $"refused with {refusal.Reason}, not {string.Join(" or ", reasons)}");
            }

            return;
        }

        if (step.Preview)
        {
            var preview = await _admin.CallAsync<PreviewWritesResponse>(Preview(step));
            Assert.Equal(_revision, preview.Revision);
            Equal(NaiveAccess.Effects(_realm, after), preview.AccessChanges.Select(Line));
            Foretold += preview.AccessChanges.Count;
            Equal(Changed(_realm, after), preview.Changes.Select(change => $"{change.ResourceKind} {change.ResourceId}"));
        }

        var answer = await _admin.CallAsync(Request(step));
        // A batch may take back what it did: it writes nonetheless.
        _revision += after.Writes == _realm.Writes ? 0 : 1;
        _realm.Become(after);
        Assert.Equal(_revision, (long)answer.Descriptor.FindFieldByName("revision").Accessor.GetValue(answer));
    }

    private async Task ImportAsync(Step.Import step)
    {
        var request = Import(step.Realm);
        if (step.Plan)
        {
            var plan = await _admin.CallAsync<PlanImportResponse>(new PlanImportRequest { RealmId = _realmId, Document = request.Document });
            Assert.Equal(_revision, plan.Revision);
            Equal(NaiveAccess.Effects(_realm, step.Realm), plan.AccessChanges.Select(Line));
            Foretold += plan.AccessChanges.Count;
            Equal(Changed(_realm, step.Realm), plan.Changes.Select(change => $"{change.ResourceKind} {change.ResourceId}"));
            request.PlanEtag = plan.PlanEtag;
        }

        var answer = await _admin.CallAsync<ImportRealmResponse>(request);
        _revision += Changed(_realm, step.Realm).Any() ? 1 : 0;
        _realm.Become(step.Realm);
        Assert.Equal(_revision, answer.Revision);
    }

    private async Task CompareRealmAsync()
    {
        var (document, revision) = await ExportAsync();
        Assert.Equal(_revision, revision);
        var same = await _admin.CallAsync<ImportRealmResponse>(new ImportRealmRequest { RealmId = _realmId, Document = $"realm_id: {_realmId}\n{_realm.Document()}", DryRun = true });
        Assert.True(same.Changes.Count == 0, $"differs from the model in {same.Changes}\n{document}");
    }

    private async Task<(string Document, long Revision)> ExportAsync()
    {
        var export = await _admin.CallAsync<ExportRealmResponse>(new ExportRealmRequest { RealmId = _realmId });
        return (export.Document, export.Revision);
    }

    /// <summary>By both questions: what may somebody do, and who may do something.</summary>
    private async Task CompareAccessAsync(int questions, int seed)
    {
        var access = new NaiveAccess(_realm);
        var random = new Random(seed);
        var asked = access.Principals.SelectMany(_ => access.Contexts, (principal, context) => (principal, context))
            .OrderBy(_ => random.Next()).Take(questions)
            .Select(asked => (asked.principal, asked.context, expected: access.Of(asked.principal, asked.context)))
            .ToList();
        await Parallel.ForEachAsync(asked, AtOnce, async (question, _) =>
        {
            var (principal, context, expected) = question;
            var request = new ListEffectivePermissionsRequest { RealmId = _realmId, OrganizationId = context ?? "" };
            ListEffectivePermissionsRequest.Descriptor.FindFieldByName($"{principal.Kind}_id").Accessor.SetValue(request, principal.Id);
            var answer = await _admin.CallAsync<ListEffectivePermissionsResponse>(request);
            Equal(
                expected.Select(item => $"{principal} {context} {item.Key} {!item.Value.Contains("")}"),
                answer.Permissions.Select(item => $"{principal} {context} {item.Permission} {item.Paths.All(path => path.Conditional)}"));
        });

        var permissions = _realm.Things.Where(thing => thing.Kind == "resource_server").SelectMany(thing => thing.Get("permissions")).ToList();
        var holders = permissions.SelectMany(_ => access.Contexts, (permission, context) => (permission, context))
            .OrderBy(_ => random.Next()).Take(questions)
            .Select(asked => (asked.permission, asked.context, expected: access.Principals.Where(principal => access.Of(principal, asked.context).ContainsKey(asked.permission)).ToList()))
            .ToList();
        await Parallel.ForEachAsync(holders, AtOnce, async (question, _) =>
        {
            var (permission, context, expected) = question;
            var request = new ListPrincipalsWithPermissionRequest { RealmId = _realmId, Permission = permission, OrganizationId = context ?? "", PageSize = 2 };
            var listed = await PagesAsync(request, "principals");
            Equal(
                expected.Select(principal => $"{permission} {context} {principal.Id}"),
                listed.Cast<PrincipalWithPermission>().Select(holder => $"{permission} {context} {holder.ClientId}{holder.UserId}"));
        });
    }

    private async Task CompareListsAsync()
    {
        foreach (var kind in WireOperations.IdFields.Keys)
        {
            var method = string.Concat(kind.Split('_').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
            var request = AdminCalls.Request("List", $"{method}s", ("realm_id", _realmId), ("page_size", 2));
            var listed = await PagesAsync(request, $"{kind}s");
            Assert.Equal(
                _realm.Things.Where(thing => thing.Kind == kind).Select(thing => thing.ToString()),
                listed.Select(resource => WireOperations.Read(kind, resource).ToString()));
        }
    }

    private async Task<IReadOnlyList<IMessage>> PagesAsync(IMessage request, string field)
    {
        List<IMessage> items = [];
        string token;
        do
        {
            var page = await _admin.CallAsync(request);
            items.AddRange(((IList)page.Descriptor.FindFieldByName(field).Accessor.GetValue(page)).Cast<IMessage>());
            token = (string)page.Descriptor.FindFieldByName("next_page_token").Accessor.GetValue(page);
            request.Descriptor.FindFieldByName("page_token").Accessor.SetValue(request, token);
        }
        while (token.Length > 0);
        return items;
    }

    private async Task VerifyAuditAsync()
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var code = await new AuditCommand(_ => fixture.Connect(), output, errors).RunAsync(["verify-audit", "--realm", _realmId], default);
        Assert.True(code == 0, $"{output}{errors}");
        var events = await PagesAsync(new ListEventsRequest { RealmId = _realmId, PageSize = 100 }, "events");
        Assert.Equal(Enumerable.Range(1, (int)_revision).Select(revision => (long)revision), events.Cast<AuditEvent>().Select(found => found.Revision).Distinct().Order());
    }

    private IMessage Request(Step.Write step) => step.Batch
        ? new BatchWriteRequest { RealmId = _realmId, Operations = { step.Operations.Select(operation => operation.ToWire()) } }
        : step.Operations.Single().Alone(_realmId);

    private PreviewWritesRequest Preview(Step.Write step) =>
        new() { RealmId = _realmId, Operations = { step.Operations.Select(operation => operation.ToWire()) } };

    private ImportRealmRequest Import(NaiveRealm realm) => new() { RealmId = _realmId, Document = $"realm_id: {_realmId}\n{realm.Document()}" };

    private static string Line(AccessChange change) =>
        $"{(change.UserId.Length > 0 ? "user" : "client")} {change.UserId}{change.ClientId} {change.OrganizationId} {change.Permission} {change.Effect} {change.Conditional}";

    private static IEnumerable<string> Changed(NaiveRealm before, NaiveRealm after) =>
        before.Things.Concat(after.Things)
            .Where(thing => before.Find(thing.Kind, thing.Id)?.ToString() != after.Find(thing.Kind, thing.Id)?.ToString())
            .Select(thing => $"{thing.Kind} {thing.Id}").Distinct();

    private static void Equal(IEnumerable<string> expected, IEnumerable<string> actual) =>
        Assert.Equal(string.Join('\n', expected.Order(StringComparer.Ordinal)), string.Join('\n', actual.Order(StringComparer.Ordinal)));
}
