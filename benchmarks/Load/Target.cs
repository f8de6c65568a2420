using System.Net;

namespace Benchmarks.Load;

/// <summary>A server and how load is put on it.</summary>
internal sealed record Target(string Name, ServerProcess Server, IPEndPoint Endpoint, int Connections, Func<LoadConnection> Connect)
{
    /// <summary>A form POST over 32 connections, one request in flight on each.</summary>
    public static Target Of(string name, ServerProcess server, FormTarget form) =>
        new(name, server, form.Server, 32, () => new FormConnection(form)) { Prepare = form.Prepare };

    /// <summary>A gRPC call over 8 connections, 16 calls in flight on each.</summary>
    public static Target Of(string name, ServerProcess server, GrpcTarget call) =>
        new(name, server, call.Server, 8, () => new GrpcConnection(call, streams: 16));

    /// <summary>Makes what load of some length needs, before it begins.</summary>
    public Action<TimeSpan> Prepare { get; init; } = static _ => { };

    public Task<Measurement> MeasureAsync(TimeSpan settle, TimeSpan measure)
    {
        Prepare(settle + measure);
        return Measurement.TakeAsync(Connect, Connections, Endpoint, Server, settle, measure);
    }
}
