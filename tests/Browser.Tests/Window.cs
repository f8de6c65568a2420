using System.Text.Json;
using Microsoft.Playwright;
using Testing;

namespace Browser.Tests;

/// <summary>A page in the browser, and what it complains about.</summary>
internal sealed class Window : IAsyncDisposable
{
    private static readonly string Axe = NodeModules.Folder is null ? "" : File.ReadAllText(NodeModules.File("axe-core/axe.min.js"));
    private static readonly string Screenshots = Path.Combine(AppContext.BaseDirectory, "screenshots");

    private readonly IBrowserContext _context;
    private readonly List<string> _complaints = [];

    private Window(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                _complaints.Add($"{message.Text} ({message.Location})");
            }
        };
    }

    public IPage Page { get; }

    /// <summary>Errors and warnings of the console, violations of the Content Security Policy among them.</summary>
    public IReadOnlyList<string> Complaints => _complaints;

    public static async Task<Window> OpenAsync(IBrowserContext context) => new(context, await context.NewPageAsync());

    public Task<string> OutcomeAsync() => Page.InnerTextAsync("#outcome");

    public Task ScreenshotAsync(string name) =>
        Page.ScreenshotAsync(new() { Path = Path.Combine(Screenshots, $"{name}.png"), FullPage = true });

    /// <summary>What axe-core finds (WCAG 2.2 A and AA, and its best practices).</summary>
    public async Task<IReadOnlyList<string>> AccessibilityViolationsAsync()
    {
        await Page.EvaluateAsync(Axe);
        var result = await Page.EvaluateAsync<JsonElement>("() => axe.run().then(r => ({ passes: r.passes.length, violations: r.violations.map(v => `${v.id}: ${v.help}: ${v.nodes.map(n => n.target + ' ' + n.failureSummary).join('; ')}`) }))");
        Assert.True(result.GetProperty("passes").GetInt32() > 10);
        return [.. result.GetProperty("violations").EnumerateArray().Select(violation => violation.GetString()!)];
    }

    /// <summary>Accessible and pictured: what a browser complains about where the status is not 200 is not the page's fault.</summary>
    public async Task CheckStateAsync(string name, string locale, ColorScheme scheme)
    {
        await ScreenshotAsync($"{name}-{locale}{(scheme == ColorScheme.Dark ? "-dark" : "")}");
        Assert.Equal([], await AccessibilityViolationsAsync());
        Assert.Equal(locale, await Page.EvaluateAsync<string>("() => document.documentElement.lang"));
    }

    /// <summary>Accessible, silent and pictured.</summary>
    public async Task CheckAsync(string name)
    {
        await ScreenshotAsync(name);
        Assert.Equal([], await AccessibilityViolationsAsync());
        Assert.Equal([], Complaints);
    }

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}
