using System.Globalization;
using Testing;

namespace Suite.Tests;

/// <summary>npm's oidc-provider as a process, and a user who logs in there by name alone.</summary>
internal sealed class OpenIdProvider : IAsyncDisposable
{
    public const string ClientSecret = "a secret: of/the+provider & more, made long enough";

    private const string Listening = "listening ";

    private readonly ProcessUnderTest _process;

    private OpenIdProvider(ProcessUnderTest process, string issuer) => (_process, Issuer) = (process, issuer);

    public string Issuer { get; }

    /// <param name="redirectUri">Of its clients.</param>
    /// <param name="others">The id of a client besides <c>iam</c>.</param>
    public static async Task<OpenIdProvider> StartAsync(string redirectUri, params string[] others)
    {
        var process = ProcessUnderTest.Start(
            "node", [Path.Combine(AppContext.BaseDirectory, "node", "openid-provider.mjs"), redirectUri, .. others], NodeModules.Environment());
        var line = await process.WaitForLineAsync(Listening, TimeSpan.FromSeconds(30));
        return new OpenIdProvider(process, $"http://127.0.0.1:{int.Parse(line[Listening.Length..], CultureInfo.InvariantCulture)}");
    }

    /// <summary>From the provider's authorization endpoint, through whatever it asks, to where it sends the browser back to.</summary>
    public async Task<string> LogInAsync(TestBrowser browser, string address)
    {
        var page = await browser.GetAsync(address);
        for (var steps = 0; steps < 10; steps++)
        {
            Assert.NotNull(page.Location);
            if (!page.Location.StartsWith(Issuer, StringComparison.Ordinal) && !page.Location.StartsWith('/'))
            {
                return page.Location;
            }

            page = await browser.GetAsync(page.Location);
        }

        throw new InvalidOperationException($"The provider does not end: {string.Join('\n', _process.Lines)}");
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
