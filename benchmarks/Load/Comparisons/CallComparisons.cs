using Benchmarks.Load.Peers;
using Pltfrms.Iam.Token.V1;

namespace Benchmarks.Load.Comparisons;

/// <summary>What internal services ask over gRPC.</summary>
internal sealed class CallComparisons(Scene scene)
{
    public async Task<Comparison> IntrospectAsync(string name)
    {
        var floor = scene.FloorCall();
        var request = new IntrospectTokenRequest { RealmId = DemoRealm.Id, Token = await scene.Demo.ServiceTokenAsync() };
        var ours = await scene.CallAsync("TokenService/IntrospectToken", request);
        return new(
            name,
            "IntrospectToken over gRPC",
            [floor, await scene.FloorCallAsync(request), ours, await scene.CallWithJwtAsync("TokenService/IntrospectToken", request)],
            [new("IntrospectToken, requests: an empty gRPC call", AimOf.Requests, ours.Name, floor.Name, 0.8)]);
    }

    public async Task<Comparison> CheckAsync(string name)
    {
        var floor = scene.FloorCall();
        var request = new CheckPermissionRequest
        {
            RealmId = DemoRealm.Id,
            AccessToken = await scene.Demo.ServiceTokenAsync(),
            Permission = "invoices.create",
            OrganizationId = DemoRealm.Organization,
        };
        var ours = await scene.CallAsync("PermissionService/CheckPermission", request);
        var peers = await scene.Peers.TargetsAsync(Job.Check);
        return new(
            name,
            "CheckPermission with a token over gRPC",
            [floor, await scene.FloorCallAsync(request), ours, await scene.CallWithJwtAsync("PermissionService/CheckPermission", request), .. peers.Targets],
            [
                new("CheckPermission, requests: an empty gRPC call", AimOf.Requests, ours.Name, floor.Name, 0.8),
                new("CheckPermission, per CPU second: Cerbos", AimOf.RequestsPerCpuSecond, ours.Name, PeerServers.Cerbos, 10),
            ])
        { Missing = peers.Missing };
    }

    /// <summary>The floor against itself.</summary>
    public Task<Comparison> ControlAsync(string name)
    {
        var floor = scene.FloorCall();
        return Task.FromResult(new Comparison(
            name, "the floor against itself, gRPC", [floor, floor with { Name = "again" }], [new("control over gRPC", AimOf.Requests, "again", floor.Name, 1)]));
    }
}
