using System.Globalization;
using System.Text;

namespace Benchmarks.Load;

/// <summary>wrk, for HTTP/1.1: one thread, 32 connections unless the target says otherwise, one request in flight on each.</summary>
internal sealed class WrkTool : LoadTool
{
    public const int UsualConnections = 32;
    private const string ProgramName = "wrk";

    private readonly int _connections;
    private readonly Uri _address;
    private readonly string _script;

    private WrkTool(FormTarget form)
        : base(ProgramName, form.Connections)
    {
        _connections = form.Connections;
        _address = form.Address;
        _script = Script(form);
    }

    /// <summary>Null: it is not installed.</summary>
    public static WrkTool? For(FormTarget form) => IsInstalled(ProgramName) ? new(form) : null;

    public override async Task<ToolRun> RunAsync(TimeSpan time)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, _script);
            var output = await PrintsAsync(["-t1", $"-c{_connections}", $"-d{Seconds(time)}s", "-s", file, _address.AbsoluteUri]);
            return Parse(output);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static ToolRun Parse(string output)
    {
        var line = output.Split('\n').FirstOrDefault(line => line.StartsWith("result ", StringComparison.Ordinal)) ?? throw new InvalidOperationException($"wrk: {output}");
        var numbers = line.Split(' ')[1..].Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        return new ToolRun
        {
            Requests = (long)numbers[1],
            PerSecond = numbers[1] / numbers[0] * 1_000_000,
            AnswerBytes = (long)numbers[2],
            Errors = (long)numbers[3],
            P50 = numbers[4] / 1_000,
            P99 = numbers[5] / 1_000,
        };
    }

    private static string Script(FormTarget form)
    {
        var script = new StringBuilder();
        script.Append(CultureInfo.InvariantCulture, $"wrk.method = \"POST\"\nwrk.body = [==[{form.Form}]==]\nwrk.headers[\"Content-Type\"] = \"{RequestHeader.FormType}\"\n");
        foreach (var header in form.Headers)
        {
            script.Append(CultureInfo.InvariantCulture, $"wrk.headers[\"{header.Name}\"] = [==[{header.Value}]==]\n");
        }

        return script.Append(
            """
            done = function(summary, latency)
              local e = summary.errors
              io.write(string.format("\nresult %d %d %d %d %d %d\n", summary.duration, summary.requests, summary.bytes,
                e.connect + e.read + e.write + e.status + e.timeout, latency:percentile(50), latency:percentile(99)))
            end
            """).ToString();
    }
}
