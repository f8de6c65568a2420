using Microsoft.Playwright;
using Suite.Tests;
using Testing;

namespace Browser.Tests.EndToEnd;

/// <summary>The suite as a process, the demo realm's applications, and a browser.</summary>
public sealed class SuiteFixture : IAsyncLifetime
{
    private const string RedirectUri = "http://127.0.0.1:8765/callback";

    private readonly TemporaryFolder _folder = new();
    private SuiteProcess? _suite;
    private DemoApplications? _applications;
    private Windows? _windows;

    internal SuiteProcess Suite => _suite!;

    internal DemoApplications Applications => _applications!;

    public async Task InitializeAsync()
    {
        if (Chromium.SkipReason is not null || NodeModules.SkipReason is not null)
        {
            return;
        }

        _applications = await DemoApplications.StartAsync();
        var realm = _folder.File("realm.yaml");
        await File.WriteAllTextAsync(realm, await DocumentAsync());
        _suite = await SuiteProcess.StartAsync(_folder.File("data"), "--realm", realm);
        _applications.Use(_suite.Issuer.OriginalString);
        _windows = await Windows.StartAsync();
    }

    public async Task DisposeAsync()
    {
        if (_windows is not null)
        {
            await _windows.DisposeAsync();
        }

        if (_suite is not null)
        {
            await _suite.DisposeAsync();
        }

        if (_applications is not null)
        {
            await _applications.DisposeAsync();
        }

        _folder.Dispose();
    }

    internal Task<Window> OpenAsync(BrowserNewContextOptions? options = null) => _windows!.OpenAsync(options);

    /// <summary>What the token service knows of a token.</summary>
    internal async Task<Pltfrms.Iam.Token.V1.IntrospectTokenResponse> IntrospectAsync(string token) =>
        await new Pltfrms.Iam.Token.V1.TokenService.TokenServiceClient(Suite.Token)
            .IntrospectTokenAsync(new() { RealmId = "demo", Token = token }, Suite.Operator);

    /// <summary>The demo realm with its applications where they are, each of them wanting an organization.</summary>
    private async Task<string> DocumentAsync()
    {
        var document = await File.ReadAllTextAsync(SuiteProcess.DemoRealmFile);
        foreach (var address in new[] { Applications.Web, Applications.Spa })
        {
            var (before, after) = document.Split($"redirect_uris: [\"{RedirectUri}\"]", 2) is [var first, var rest] ? (first, rest) : throw new InvalidOperationException("The demo realm has another address.");
            document = $"{before}redirect_uris: [\"{address}/callback\"]\n    asks_for_organization: true{after}";
        }

        return document;
    }
}
