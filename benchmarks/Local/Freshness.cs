using System.Diagnostics;
using Grpc.Core;
using Grpc.Net.Client;
using Pltfrms.Iam.RealmAdmin.V1;
using Pltfrms.Iam.Token.V1;

namespace Benchmarks.Local;

/// <summary>How soon a revoked token, and one whose role was taken away, are denied here: from the call that ends it.</summary>
internal sealed class Freshness(LocalClient client, LocalRealm realm)
{
    private const string Probe = "probe";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly Metadata Operator = new() { { "authorization", $"Bearer {Settings.OperatorKey}" } };

    public async Task MeasureAsync(Report report)
    {
        using var tokenService = GrpcChannel.ForAddress(Settings.TokenGrpc);
        using var realmAdmin = GrpcChannel.ForAddress(Settings.RealmAdminGrpc);
        var tokens = new TokenService.TokenServiceClient(tokenService);
        var bindings = new RoleBindingService.RoleBindingServiceClient(realmAdmin);
        await client.ReadyAsync(await realm.TokenAsync());
        var fallbacks = client.Fallbacks;
        // The first few are the compiler's.
        for (var i = -Math.Min(10, Settings.Changes); i < Settings.Changes; i++)
        {
            var revoked = await RevokeAsync(tokens);
            var removed = await RemoveAsync(bindings, await realm.TokenAsync());
            if (i >= 0)
            {
                report.Add("revoked ms", revoked.TotalMilliseconds);
                report.Add("removed ms", removed.TotalMilliseconds);
            }
        }

        report.Add("fallbacks while fresh", client.Fallbacks - fallbacks);
    }

    private async Task<TimeSpan> RevokeAsync(TokenService.TokenServiceClient tokens)
    {
        var token = await realm.TokenAsync();
        await UntilAsync(token, LocalRealm.Permission, allowed: true);
        var start = Stopwatch.GetTimestamp();
        var revoking = tokens.RevokeTokenAsync(new() { RealmId = Settings.RealmId, Token = token }, Operator).ResponseAsync;
        var took = await UntilAsync(token, LocalRealm.Permission, allowed: false, start);
        await revoking;
        return took;
    }

    private async Task<TimeSpan> RemoveAsync(RoleBindingService.RoleBindingServiceClient bindings, string token)
    {
        await bindings.CreateRoleBindingAsync(
            new() { RealmId = Settings.RealmId, RoleBinding = new() { RoleBindingId = Probe, ClientId = LocalRealm.ServiceId, RoleId = Probe } }, Operator);
        await UntilAsync(token, LocalRealm.ProbePermission, allowed: true);
        var start = Stopwatch.GetTimestamp();
        var removing = bindings.DeleteRoleBindingAsync(new() { RealmId = Settings.RealmId, RoleBindingId = Probe }, Operator).ResponseAsync;
        var took = await UntilAsync(token, LocalRealm.ProbePermission, allowed: false, start);
        await removing;
        return took;
    }

    private Task<TimeSpan> UntilAsync(string token, string permission, bool allowed) => UntilAsync(token, permission, allowed, Stopwatch.GetTimestamp());

    /// <summary>Asks about every millisecond.</summary>
    private async Task<TimeSpan> UntilAsync(string token, string permission, bool allowed, long start)
    {
        while ((await client.Iam.CheckPermissionAsync(token, permission, null, CancellationToken.None)).Allowed != allowed)
        {
            if (Stopwatch.GetElapsedTime(start) > Patience)
            {
                throw new InvalidOperationException($"{permission} is not {(allowed ? "allowed" : "denied")} after {Patience}.");
            }

            await Task.Delay(1);
        }

        return Stopwatch.GetElapsedTime(start);
    }
}
