using System.Globalization;
using System.Text.RegularExpressions;

namespace Benchmarks.Load;

/// <summary>h2load, for gRPC: one thread, 8 connections, 16 calls in flight on each. It sees no trailers: the bytes of the answers tell whether they are whole.</summary>
internal sealed partial class H2loadTool : LoadTool
{
    public const int Connections = 8;
    public const int Streams = 16;
    private const string ProgramName = "h2load";

    private readonly GrpcTarget _call;

    private H2loadTool(GrpcTarget call)
        : base(ProgramName, Connections * Streams) => _call = call;

    /// <summary>Null: it is not installed.</summary>
    public static H2loadTool? For(GrpcTarget call) => IsInstalled(ProgramName) ? new(call) : null;

    public override async Task<ToolRun> RunAsync(TimeSpan time)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(file, _call.Message);
            string[] authorization = _call.Authorization is null ? [] : ["-H", $"authorization: {_call.Authorization}"];
            return Parse(await PrintsAsync(
            [
                "-t1", $"-c{Connections}", $"-m{Streams}", $"-D{Seconds(time)}", "--warm-up-time=0", "-d", file,
                "-H", "content-type: application/grpc", "-H", "te: trailers", .. authorization, _call.Address.AbsoluteUri,
            ]));
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static ToolRun Parse(string output)
    {
        var (rate, requests, statuses, data) = (Rate().Match(output), Requests().Match(output), Statuses().Match(output), Data().Match(output));
        if (!rate.Success || !requests.Success || !statuses.Success || !data.Success)
        {
            throw new InvalidOperationException($"h2load: {output}");
        }

        return new ToolRun
        {
            Requests = Number(statuses, 1),
            PerSecond = double.Parse(rate.Groups[1].Value, CultureInfo.InvariantCulture),
            Errors = Number(requests, 1) + Number(requests, 2) + Number(requests, 3) + Number(statuses, 2) + Number(statuses, 3) + Number(statuses, 4),
            AnswerBytes = Number(data, 1),
        };
    }

    private static long Number(Match match, int group) => long.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"([\d.]+) req/s")]
    private static partial Regex Rate();

    [GeneratedRegex(@"(\d+) failed, (\d+) errored, (\d+) timeout")]
    private static partial Regex Requests();

    [GeneratedRegex(@"status codes: (\d+) 2xx, (\d+) 3xx, (\d+) 4xx, (\d+) 5xx")]
    private static partial Regex Statuses();

    [GeneratedRegex(@"\((\d+)\) data")]
    private static partial Regex Data();
}
