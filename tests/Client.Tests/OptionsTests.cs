using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Pltfrms.Iam.Client;
using Pltfrms.Iam.Client.AspNetCore;

namespace Client.Tests;

public sealed class OptionsTests
{
    private static readonly Dictionary<string, string?> Good = new()
    {
        ["Iam:Address"] = "http://127.0.0.1:9080",
        ["Iam:RealmId"] = "demo",
        ["Iam:ClientId"] = "demo-api",
        ["Iam:ClientSecret"] = "the-secret",
    };

    /// <summary>What is said where nothing is set.</summary>
    private static readonly string[] Needed =
    [
        "Iam:Address must be an http or https address, like https://iam.example:9080",
        "Iam:RealmId is missing",
        "Iam:ClientId is missing",
        "Iam:ClientSecret is missing",
    ];

    public static TheoryData<string, string, string> Wrong => new()
    {
        { "Iam:Address", "", "Iam:Address must be an http or https address, like https://iam.example:9080" },
        { "Iam:Address", "127.0.0.1:9080", "Iam:Address must be an http or https address, like https://iam.example:9080" },
        { "Iam:Address", "/relative", "Iam:Address must be an http or https address, like https://iam.example:9080" },
        { "Iam:Address", "https://iam.example/grpc", "Iam:Address must have no path, query, fragment or user, like https://iam.example:9080" },
        { "Iam:Address", "https://iam.example/?realm=demo", "Iam:Address must have no path, query, fragment or user, like https://iam.example:9080" },
        { "Iam:Address", "https://iam.example/#demo", "Iam:Address must have no path, query, fragment or user, like https://iam.example:9080" },
        { "Iam:Address", "https://alice:secret@iam.example/", "Iam:Address must have no path, query, fragment or user, like https://iam.example:9080" },
        { "Iam:RealmId", "", "Iam:RealmId is missing" },
        { "Iam:ClientId", " ", "Iam:ClientId is missing" },
        { "Iam:ClientSecret", "", "Iam:ClientSecret is missing" },
        { "Iam:Timeout", "00:00:00", "Iam:Timeout must be more than 0 and at most 10 minutes" },
        { "Iam:Timeout", "01:00:00", "Iam:Timeout must be more than 0 and at most 10 minutes" },
        { "Iam:RenewAhead", "-00:00:01", "Iam:RenewAhead must not be negative" },
        { "Iam:MaxCachedTokens", "0", "Iam:MaxCachedTokens must be at least 1" },
        { "Iam:CallScopes:0", "", "Iam:CallScopes must not hold an empty scope" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task A_wrong_setting_stops_the_start_and_is_named(string key, string value, string message)
    {
        using var host = HostWith(new(Good) { [key] = value });

        var fault = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Equal([message], fault.Failures);
    }

    [Fact]
    public async Task A_null_is_as_good_as_nothing()
    {
        using var host = HostWith(Good, json: """
            { "Iam": { "PrivateKeyFile": null, "PrivateKey": null, "KeyId": null, "DpopKeyFile": null, "DpopKey": null, "Issuer": null, "CallScopes": null } }
            """);

        await host.StartAsync();

        var settings = host.Services.GetRequiredService<IOptions<IamClientOptions>>().Value;
        Assert.Equal(("", "", ""), (settings.PrivateKeyFile, settings.PrivateKey, settings.KeyId));
        Assert.Equal(("", ""), (settings.DpopKeyFile, settings.DpopKey));
        Assert.NotNull(host.Services.GetRequiredService<IamClient>());
    }

    [Fact]
    public async Task A_null_where_something_must_be_is_named_as_missing()
    {
        using var host = HostWith([], json: """{ "Iam": { "Address": null, "RealmId": null, "ClientId": null, "ClientSecret": null } }""");

        var fault = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Equal(Needed, fault.Failures);
    }

    [Fact]
    public void A_null_for_a_service_is_as_good_as_nothing()
    {
        using var host = HostWith(
            new(Good) { ["Iam:Audience"] = "https://api.example" },
            json: """{ "Iam": { "ClientCertificateHeader": null, "ResourceName": null } }""",
            services: services => services.AddAuthentication().AddPltfrmsIam());

        var settings = host.Services.GetRequiredService<IOptionsMonitor<IamAuthenticationOptions>>().Get(IamAuthenticationOptions.DefaultScheme);

        Assert.Equal(("", ""), (settings.ClientCertificateHeader, settings.ResourceName));
    }

    [Theory]
    [InlineData(IamMode.Remote)]
    [InlineData(IamMode.Local)]
    public void An_application_may_end_without_waiting_for_the_client(IamMode mode)
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection(Good).Build();
        var provider = new ServiceCollection().AddSingleton<IConfiguration>(settings).AddPltfrmsIam(options => options.Mode = mode).BuildServiceProvider();
        var client = provider.GetRequiredService<IamClient>();

        provider.Dispose();

        Assert.NotNull(client);
        Assert.Throws<ObjectDisposedException>(provider.GetRequiredService<IamClient>);
    }

    [Fact]
    public void Every_missing_setting_is_named_at_once()
    {
        using var provider = new ServiceCollection().AddPltfrmsIam().BuildServiceProvider();

        var fault = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IamClient>());

        Assert.Equal(Needed, fault.Failures);
    }

    [Theory]
    [InlineData("https://iam.example:9080")]
    [InlineData("https://iam.example:9080/")]
    public async Task A_lone_slash_is_no_path(string address)
    {
        using var host = HostWith(new(Good) { ["Iam:Address"] = address });

        await host.StartAsync();

        Assert.Equal(new Uri("https://iam.example:9080/"), host.Services.GetRequiredService<IOptions<IamClientOptions>>().Value.Address);
    }

    [Fact]
    public async Task Settings_come_from_the_section_and_code_has_the_last_word()
    {
        using var host = HostWith(
            new(Good) { ["Iam:Timeout"] = "00:00:05", ["Iam:CallScopes:0"] = "iam.tokens.introspect" },
            options => options.RealmId = "other");

        await host.StartAsync();

        var settings = host.Services.GetRequiredService<IOptions<IamClientOptions>>().Value;
        Assert.Equal((new Uri("http://127.0.0.1:9080"), "other", "demo-api"), (settings.Address, settings.RealmId, settings.ClientId));
        Assert.Equal((TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(1)), (settings.Timeout, settings.RenewAhead));
        Assert.Equal(["iam.tokens.introspect"], settings.CallScopes);
        Assert.Same(host.Services.GetRequiredService<IamTokens>(), host.Services.GetRequiredService<IamTokens>());
    }

    private static IHost HostWith(
        Dictionary<string, string?> settings, Action<IamClientOptions>? configure = null, string json = "{}", Action<IServiceCollection>? services = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection(settings).AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json)));
        builder.Services.AddPltfrmsIam(configure);
        services?.Invoke(builder.Services);
        return builder.Build();
    }
}
