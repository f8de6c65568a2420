using Pltfrms.Iam.Client;

namespace Client.Tests;

/// <summary>A client with a DPoP key, at a server that binds tokens to it.</summary>
internal static class BoundClient
{
    public const string Issuer = "https://iam.example/realms/demo";

    public static async Task<ClientFixture> StartAsync(Action<IamClientOptions>? configure = null)
    {
        var fixture = await ClientFixture.StartAsync(options =>
        {
            (options.UseDpop, options.Issuer) = (true, new Uri(Issuer));
            configure?.Invoke(options);
        });
        Bind(fixture.Server);
        return fixture;
    }

    /// <summary>From now on tokens that are asked for with a proof are bound.</summary>
    public static void Bind(ContractServer server) => server.Issue = (request, _) =>
    {
        var issued = server.NextToken();
        issued.TokenType = request.DpopProof.Length > 0 ? "DPoP" : "Bearer";
        return Task.FromResult(issued);
    };
}
