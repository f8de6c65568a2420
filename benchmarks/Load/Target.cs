using System.Net;

namespace Benchmarks.Load;

/// <summary>What a target is to the comparison.</summary>
internal enum Role
{
    /// <summary>The least that such a request can cost.</summary>
    Floor,

    /// <summary>Ours.</summary>
    Product,

    /// <summary>Another's server.</summary>
    Peer,
}

/// <summary>A server and how load is put on it.</summary>
internal sealed record Target
{
    public required Role Role { get; init; }

    public required string Name { get; init; }

    /// <summary>What tables call it, where that is more than its name.</summary>
    public string? Label { get; init; }

    public required Served Server { get; init; }

    public required IPEndPoint Endpoint { get; init; }

    public required int Connections { get; init; }

    public required Func<LoadConnection> Connect { get; init; }

    /// <summary>The program that measures; null: our own generator does.</summary>
    public LoadTool? Tool { get; init; }

    /// <summary>Makes what load of some length needs, before it begins.</summary>
    public Action<TimeSpan> Prepare { get; init; } = static _ => { };

    /// <summary>A form POST, one request in flight on each connection; wrk measures where the requests are all the same.</summary>
    public static Target Of(Role role, string name, Served server, FormTarget form) => new()
    {
        Role = role,
        Name = name,
        Server = server,
        Endpoint = form.Server,
        Connections = form.Connections,
        Connect = () => new FormConnection(form),
        Tool = form.Form is null ? null : WrkTool.For(form),
        Prepare = form.Prepare,
    };

    /// <summary>A gRPC call over 8 connections, 16 calls in flight on each; h2load measures.</summary>
    public static Target Of(Role role, string name, Served server, GrpcTarget call) => new()
    {
        Role = role,
        Name = name,
        Server = server,
        Endpoint = call.Server,
        Connections = H2loadTool.Connections,
        Connect = () => new GrpcConnection(call, H2loadTool.Streams),
        Tool = H2loadTool.For(call),
    };

    /// <summary>Load that nobody measures.</summary>
    public async Task WarmUpAsync(TimeSpan time)
    {
        Prepare(time);
        await Measurement.OwnAsync(this, time, TimeSpan.Zero);
    }

    /// <summary>One round. Where a tool measures, our own generator looks at every answer for a while before.</summary>
    public async Task<Measurement> MeasureAsync(TimeSpan settle, TimeSpan check, TimeSpan measure)
    {
        if (Tool is null)
        {
            Prepare(settle + measure);
            return await Measurement.OwnAsync(this, settle, measure);
        }

        var seen = await Measurement.OwnAsync(this, settle, check);
        return seen.Errors > 0 ? seen : await Measurement.ByToolAsync(Tool, Server, seen, measure);
    }
}
