using System.Text;
using System.Text.RegularExpressions;
using Testing;

namespace Suite.Tests;

/// <summary>docs/operators.md: every command is run in its order, and every answer is the one shown.</summary>
public sealed partial class OperatorsWalkTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private SuiteProcess? _suite;

    private SuiteProcess Suite => _suite!;

    public async Task InitializeAsync() => _suite = await SuiteProcess.StartAsync(_folder.File("data"));

    public async Task DisposeAsync()
    {
        await Suite.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Every_command_of_the_walk_answers_as_shown()
    {
        var steps = Steps(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "operators.md"))).ToList();
        Assert.True(steps.Count > 20, "the walk was not found");
        await using var grpcurl = GrpcurlStandIn.Start(_folder.File("calls"), _folder.File("bin"));

        // One shell for all of it, so that variables and functions stay; each step's output in a file of its own.
        var script = new StringBuilder("cd \"$WALK\"\n");
        foreach (var (step, index) in steps.Select((step, index) => (step, index)))
        {
            script.Append("{\n").Append(Here(step.Commands)).Append("\n} > \"$WALK/").Append(index).Append(".out\" 2>&1\n");
        }

        await Shell.RunAsync(script.Append("true\n").ToString(), Environment(grpcurl), stopAtErrors: false);

        var wrong = new List<string>();
        foreach (var (step, index) in steps.Select((step, index) => (step, index)))
        {
            var output = await File.ReadAllTextAsync(_folder.File($"{index}.out"));
            if (!Regex.IsMatch(Normal(output), Pattern(step.Answer), RegexOptions.Singleline))
            {
                wrong.Add($"The commands\n{step.Commands}\nanswered\n{output}\nand not as shown:\n{step.Answer}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join("\n\n", wrong));
    }

    private Dictionary<string, string?> Environment(GrpcurlStandIn grpcurl) => new()
    {
        ["PATH"] = $"{grpcurl.Folder}:{System.Environment.GetEnvironmentVariable("PATH")}",
        ["WALK"] = _folder.Path,
        ["GRPCURL_CALLS"] = grpcurl.Calls,
    };

    /// <summary>Where this suite is, instead of where one usually is.</summary>
    private string Here(string commands) => commands
        .Replace("127.0.0.1:9081", $"127.0.0.1:{Suite.Ports.RealmAdminGrpc}", StringComparison.Ordinal)
        .Replace("127.0.0.1:9080", $"127.0.0.1:{Suite.Ports.TokenGrpc}", StringComparison.Ordinal)
        .Replace("127.0.0.1:8080", $"127.0.0.1:{Suite.Ports.TokenHttp}", StringComparison.Ordinal)
        .Replace(".data/operator.key", _folder.File("data/operator.key"), StringComparison.Ordinal);

    private static IEnumerable<(string Commands, string Answer)> Steps(string page)
    {
        var (commands, answer) = ("", "");
        foreach (Match block in Block().Matches(page))
        {
            if (block.Groups["language"].Value != "sh")
            {
                answer += block.Groups["text"].Value;
                continue;
            }

            if (commands.Length > 0)
            {
                yield return (commands, answer);
            }

            (commands, answer) = (block.Groups["text"].Value, "");
        }

        yield return (commands, answer);
    }

    /// <summary>Without what says nothing: space, and so the layout of JSON.</summary>
    private static string Normal(string text) => Space().Replace(text, "");

    private static string Pattern(string answer)
    {
        // A member of JSON that stands for others, a line that does, and a value that differs each time.
        var normal = Normal(answer).Replace(",\"…\":\"…\"", "…", StringComparison.Ordinal);
        return $"^{Placeholder().Replace(Regex.Escape(normal), ".+?").Replace("…", ".*?", StringComparison.Ordinal)}$";
    }

    [GeneratedRegex("^```(?<language>sh|json|text)\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex("<[^<>]+>")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
