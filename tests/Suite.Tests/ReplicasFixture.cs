using Pltfrms.Iam.Consent.V1;
using Testing.Databases;

namespace Suite.Tests;

/// <summary>Replicas for a test class, where there is PostgreSQL.</summary>
public sealed class ReplicasFixture : IAsyncLifetime
{
    internal Replicas Replicas { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        if (PostgresInstallation.SkipReason is null)
        {
            Replicas = await Replicas.StartAsync();
        }
    }

    /// <summary>Takes back what an earlier test let carol decide: she is asked again.</summary>
    internal async Task ForgetDecisionsAsync() => await new ConsentService.ConsentServiceClient(Replicas.Consents[0]).RevokeConsentsAsync(
        new() { RealmId = "demo", UserId = "carol", ClientId = "demo-web" }, Replicas.Operator);

    public async Task DisposeAsync()
    {
        if (PostgresInstallation.SkipReason is null)
        {
            await Replicas.DisposeAsync();
        }
    }
}
