using Consent.Tests.Hosting;
using Microsoft.Playwright;
using Pltfrms.Iam.Common.Realms.Model;
using Testing;

namespace Browser.Tests;

/// <summary>One browser and one consent service for a test class.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    // A blue square of 8 × 8 pixels.
    private const string Logo =
        "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEUlEQVR42mNgCL+AFTEMLQkAh3Jb4Xzd5kYAAAAASUVORK5CYII=";

    private readonly ConsentServiceFixture _service = new();
    private Windows? _windows;
    private ClientApplication? _client;

    internal ConsentServiceFixture Suite => _service;

    internal ConsentReplica Service => _service.Service;

    internal string ReturnUri => _client!.ReturnUri;

    public async Task InitializeAsync()
    {
        if (Chromium.SkipReason is not null || NodeModules.SkipReason is not null)
        {
            return;
        }

        await _service.InitializeAsync();
        _client = await ClientApplication.StartAsync(Service);
        await _service.ChangeAsync(
            ConsentRealm.Web("demo", "web") with { RedirectUris = [_client.RedirectUri], Logo = Logo },
            ConsentRealm.Web("demo", "strict") with
            {
                RedirectUris = [_client.RedirectUri],
                RequiredScopes = ["invoices.read"],
                Verified = false,
                DisplayName = "Ledger & Söhne",
                OwnerOrganizationId = null,
            });
        _windows = await Windows.StartAsync();
    }

    public async Task DisposeAsync()
    {
        if (_windows is null)
        {
            return;
        }

        await _windows.DisposeAsync();
        await _client!.DisposeAsync();
        await _service.DisposeAsync();
    }

    /// <summary>A window of its own, with its own cookies.</summary>
    internal Task<Window> OpenAsync(BrowserNewContextOptions? options = null) => _windows!.OpenAsync(options);

    /// <summary>A link to the page "applications with access" of a user.</summary>
    internal Task<string> VisitLinkAsync(string userId) => Service.VisitLinkAsync(userId, _client!.VisitReturnUri(userId));

    /// <summary>A question to a new user, open at its page.</summary>
    internal async Task<string> AskAsync(string userId, string clientId, params string[] scopes)
    {
        await _service.ChangeAsync(new User { RealmId = "demo", UserId = userId, DisplayName = "Alice Example" });
        var request = DialogCalls.Request(userId, clientId, scopes);
        request.ReturnUri = ReturnUri;
        request.OrganizationId = "acme";
        request.OfflineAccess = true;
        return (await Service.StartAsync(request)).RedirectTo;
    }
}
