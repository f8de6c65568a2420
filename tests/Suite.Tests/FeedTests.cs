using Google.Protobuf.Collections;
using Pltfrms.Iam.Token.V1;
using Testing;
using Admin = Pltfrms.Iam.RealmAdmin.V1;

namespace Suite.Tests;

/// <summary>What a client watches, across the services.</summary>
public sealed class FeedTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder _folder = new();
    private readonly CancellationTokenSource _patience = new(Patience);
    private SuiteProcess? _suite;

    private SuiteProcess Suite => _suite!;

    private DecisionFeedService.DecisionFeedServiceClient Feed => new(Suite.Token);

    public async Task InitializeAsync() => _suite = await SuiteProcess.StartAsync(_folder.File("data"));

    public async Task DisposeAsync()
    {
        _patience.Dispose();
        await Suite.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_demo_api_watches_its_audience_and_hears_of_a_removed_role_and_a_revoked_token()
    {
        var api = SuiteProcess.Bearer(await Demo.TokenAsync(Suite, "demo-api", Demo.ApiSecret));
        using var realm = Feed.WatchRealm(new() { RealmId = "demo" }, api, cancellationToken: _patience.Token);
        using var revocations = Feed.WatchRevocations(new() { RealmId = "demo" }, api, cancellationToken: _patience.Token);

        Assert.True(await realm.ResponseStream.MoveNext(_patience.Token));
        Assert.Equal(["https://api.demo.example"], realm.ResponseStream.Current.View.Audiences);
        var bindings = new HashSet<string>(StringComparer.Ordinal);
        Admin.RealmSnapshotPart part;
        do
        {
            Assert.True(await realm.ResponseStream.MoveNext(_patience.Token));
            part = realm.ResponseStream.Current.SnapshotPart;
            Assert.All(Clients(part.Resources), client => Assert.Empty(client.HashedSecrets));
            bindings.UnionWith(part.Resources.Where(resource => resource.RoleBinding is not null).Select(resource => resource.RoleBinding.RoleBindingId));
        }
        while (!part.Last);

        var removed = await Demo.ImportAsync(Suite, Suite.Operator, document => document.Replace(Demo.ServiceBinding, "", StringComparison.Ordinal));
        Admin.RealmDelta? delta = null;
        while (delta is null)
        {
            Assert.True(await realm.ResponseStream.MoveNext(_patience.Token));
            delta = realm.ResponseStream.Current.Delta;
        }

        Assert.Equal(removed, delta.Revision);
        Assert.Contains(Assert.Single(delta.Deletes).ResourceId, bindings);

        var token = await Demo.TokenAsync(Suite, "demo-service", Demo.ServiceSecret);
        var tokens = new TokenService.TokenServiceClient(Suite.Token);
        var known = await tokens.IntrospectTokenAsync(new() { RealmId = "demo", Token = token }, api);
        await tokens.RevokeTokenAsync(new() { RealmId = "demo", Token = token }, SuiteProcess.Bearer(token));
        var revoked = new List<string>();
        while (!revoked.Contains(known.TokenId))
        {
            Assert.True(await revocations.ResponseStream.MoveNext(_patience.Token));
            revoked.AddRange(revocations.ResponseStream.Current.Batch?.Revocations.Select(revocation => revocation.RevokedId) ?? []);
        }
    }

    private static IEnumerable<Admin.FeedClient> Clients(RepeatedField<Admin.RealmResource> resources) =>
        resources.Select(resource => resource.Client).OfType<Admin.FeedClient>();
}
