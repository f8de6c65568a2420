using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Pltfrms.Iam.Common.Authentication;

namespace Pltfrms.Iam.Common.Hosting.DirectCalls;

/// <summary>The call that a <see cref="DirectUnaryMethod{TRequest,TResponse}"/> handles.</summary>
internal sealed class DirectCallContext : ServerCallContext, IDisposable
{
    // Where GetHttpContext of Grpc.AspNetCore.Server looks for contexts that are not its own.
    private const string HttpContextKey = "__HttpContext";

    private readonly HttpContext _http;
    private readonly string _path;
    private readonly CancellationTokenSource? _deadline;
    private Dictionary<object, object>? _state;
    private Metadata? _requestHeaders;
    private Metadata? _trailers;

    public DirectCallContext(HttpContext http, string path, TimeSpan? timeout)
    {
        (_http, _path) = (http, path);
        DeadlineCore = DateTime.MaxValue;
        if (timeout is { } lasts)
        {
            DeadlineCore = TimeProvider.System.GetUtcNow().UtcDateTime + lasts;
            _deadline = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
            _deadline.CancelAfter(lasts);
        }
    }

    public HttpContext Http => _http;

    /// <summary>Who calls, once the gate knows.</summary>
    public Caller? Caller { get; set; }

    /// <summary>The answer's bytes; null: it is still to be encoded.</summary>
    public byte[]? EncodedAnswer { get; set; }

    protected override string MethodCore => _path;

    protected override string HostCore => _http.Request.Host.Value ?? "";

    protected override string PeerCore => $"{_http.Connection.RemoteIpAddress}:{_http.Connection.RemotePort}";

    protected override DateTime DeadlineCore { get; }

    protected override Metadata RequestHeadersCore => _requestHeaders ??= ReadHeaders();

    protected override CancellationToken CancellationTokenCore => _deadline?.Token ?? _http.RequestAborted;

    protected override Metadata ResponseTrailersCore => _trailers ??= [];

    protected override Status StatusCore { get; set; }

    protected override WriteOptions? WriteOptionsCore { get; set; }

    protected override AuthContext AuthContextCore => new(null, []);

    protected override IDictionary<object, object> UserStateCore => _state ??= new() { [HttpContextKey] = _http };

    public void Dispose() => _deadline?.Dispose();

    protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) =>
        throw new NotSupportedException("Calls are not propagated.");

    protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders) =>
        throw new NotSupportedException("A direct call sends no headers of its own.");

    private Metadata ReadHeaders()
    {
        Metadata headers = [];
        foreach (var (name, values) in _http.Request.Headers)
        {
            // Binary headers and pseudo-headers are nothing that a method of ours reads.
            if (name[0] != ':' && !name.EndsWith("-bin", StringComparison.OrdinalIgnoreCase))
            {
                foreach (var value in values)
                {
                    headers.Add(name, value ?? "");
                }
            }
        }

        return headers;
    }
}
