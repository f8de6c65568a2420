using System.Text.Json;
using Google.Protobuf;
using Pltfrms.Iam.Token.V1;
using Testing;

namespace Suite.Tests;

/// <summary>What the suite prints works as it is printed.</summary>
public sealed class PrintedCommandsTests(SuiteFixture fixture) : IClassFixture<SuiteFixture>
{
    private readonly SuiteProcess _suite = fixture.Suite;

    [Fact]
    public async Task The_command_for_a_token_gets_one()
    {
        var answer = await RunAsync("# A token for demo-service");

        Assert.Equal("Bearer", answer.GetProperty("token_type").GetString());
        Assert.Equal("invoices.create invoices.read", answer.GetProperty("scope").GetString());
    }

    [Fact]
    public async Task The_command_for_introspection_finds_the_token_active()
    {
        var answer = await RunAsync("# Introspect it");

        Assert.True(answer.GetProperty("active").GetBoolean());
        Assert.Equal("demo-service", answer.GetProperty("client_id").GetString());
        Assert.Equal("acme", answer.GetProperty("organization_id").GetString());
    }

    [Fact]
    public async Task The_command_for_a_check_asks_what_is_allowed()
    {
        using var folder = new TemporaryFolder();
        // grpcurl need not be installed: a stand-in writes down what it was called with, and the same call is made here.
        await File.WriteAllTextAsync(folder.File("grpcurl"), """
            #!/bin/sh
            printf '%s\0' "$@"
            """);
        await Shell.RunAsync($"chmod +x {folder.File("grpcurl")}", new Dictionary<string, string?>());
        var path = $"{folder.Path}:{Environment.GetEnvironmentVariable("PATH")}";
        var output = await Shell.RunAsync(Commands("# May its holder"), new Dictionary<string, string?> { ["PATH"] = path });

        var arguments = output.Split('\0', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(
            ["-plaintext", "-H", arguments[2], "-d", arguments[4], $"127.0.0.1:{_suite.Ports.TokenGrpc}",
                "pltfrms.iam.token.v1.PermissionService/CheckPermission"],
            arguments);
        Assert.StartsWith("authorization: Bearer ey", arguments[2], StringComparison.Ordinal);
        var check = await new PermissionService.PermissionServiceClient(_suite.Token).CheckPermissionAsync(
            JsonParser.Default.Parse<CheckPermissionRequest>(arguments[4]),
            SuiteProcess.Bearer(arguments[2]["authorization: Bearer ".Length..]));
        Assert.True(check.Allowed);
        Assert.Equal("accountant", check.Trace.RoleIds[0]);
        Assert.Equal("invoices.create", check.Trace.Scope);
        Assert.Equal("acme", check.Trace.BindingOrganizationId);
    }

    private async Task<JsonElement> RunAsync(string title) =>
        JsonDocument.Parse(await Shell.RunAsync(Commands(title), new Dictionary<string, string?>())).RootElement;

    private string Commands(string title)
    {
        var lines = _suite.Output.Split('\n').SkipWhile(l => !l.StartsWith(title, StringComparison.Ordinal)).TakeWhile(l => l.Length > 0);
        return string.Join('\n', lines);
    }
}
