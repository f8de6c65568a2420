using Benchmarks.Load.Peers;

namespace Benchmarks.Load.Comparisons;

/// <summary>Tokens and introspection over REST.</summary>
internal sealed class RestComparisons(Scene scene)
{
    private const string Issue = "client_credentials";
    private const string Introspect = "introspection";
    private static readonly RequestHeader Service = RequestHeader.Basic(DemoRealm.ServiceId, DemoRealm.ServiceSecret);
    private static readonly RequestHeader Api = RequestHeader.Basic(DemoRealm.ApiId, DemoRealm.ApiSecret);

    public async Task<Comparison> ClientCredentialsAsync(string name)
    {
        var floor = scene.FloorSigning(DemoRealm.ServiceForm);
        var peers = await scene.Peers.TargetsAsync(Job.Issue);
        return new(
            name,
            "client_credentials over REST, ES256",
            [floor, scene.Form(Issue, new FormTarget(scene.Demo.Endpoint("token"), DemoRealm.ServiceForm, [Service], "\"access_token\":\"")), .. peers.Targets],
            [
                new("client_credentials, requests: a form POST that signs", AimOf.Requests, Issue, floor.Name, 0.8),
                new("client_credentials, per CPU second: oidc-provider", AimOf.RequestsPerCpuSecond, Issue, PeerServers.OidcProvider, 4),
            ])
        { Missing = peers.Missing };
    }

    /// <summary>Ours verified the token once; oidc-provider introspects opaque tokens only.</summary>
    public async Task<Comparison> IntrospectAsync(string name)
    {
        var form = $"token={await scene.Demo.ServiceTokenAsync()}";
        var floor = scene.FloorPlain(form);
        var peers = await scene.Peers.TargetsAsync(Job.Introspect);
        return new(
            name,
            "introspection over REST",
            [floor, scene.Form(Introspect, new FormTarget(scene.Demo.Endpoint("introspect"), form, [Api], "\"active\":true")), .. peers.Targets],
            [
                new("introspection over REST, requests: a form POST", AimOf.Requests, Introspect, floor.Name, 0.75),
                new("introspection over REST, per CPU second: oidc-provider", AimOf.RequestsPerCpuSecond, Introspect, PeerServers.OidcProvider, 5),
            ])
        { Missing = peers.Missing };
    }

    /// <summary>The floor against itself: how far its ratio is from 1 is how much of any other ratio is noise.</summary>
    public Task<Comparison> ControlAsync(string name)
    {
        var floor = scene.FloorSigning(DemoRealm.ServiceForm);
        return Task.FromResult(new Comparison(
            name, "the floor against itself, REST", [floor, floor with { Name = "again" }], [new("control over REST", AimOf.Requests, "again", floor.Name, 1)]));
    }
}
