using Microsoft.Playwright;

namespace Browser.Tests;

/// <summary>One browser, for the windows of a test class.</summary>
internal sealed class Windows : IAsyncDisposable
{
    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Windows(IPlaywright playwright, IBrowser browser)
    {
        _playwright = playwright;
        _browser = browser;
    }

    public static async Task<Windows> StartAsync()
    {
        var playwright = await Playwright.CreateAsync();
        return new Windows(playwright, await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Chromium.Require(),
            // Its sandbox does not run as root, which CI is; the pages are ours.
            Args = ["--no-sandbox"],
        }));
    }

    /// <summary>A window of its own, with its own cookies.</summary>
    public async Task<Window> OpenAsync(BrowserNewContextOptions? options = null) =>
        await Window.OpenAsync(await _browser.NewContextAsync(options ?? new() { Locale = "en-GB" }));

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
