using System.Net;
using System.Text;

namespace Benchmarks.Load;

/// <summary>A form POST: one whose bytes are built once, or one that carries something else each time.</summary>
internal sealed class FormTarget
{
    private readonly byte[] _expected;
    private readonly Func<byte[]> _next;
    private readonly Action<TimeSpan> _prepare;

    /// <param name="address">The endpoint.</param>
    /// <param name="form">The body, encoded.</param>
    /// <param name="headers">Besides those that every form has.</param>
    /// <param name="expected">What every answer's body holds.</param>
    public FormTarget(Uri address, string form, IReadOnlyList<RequestHeader> headers, string expected)
    {
        var request = Bytes(address, form, headers);
        (Address, Form, Headers, _expected) = (address, form, headers, Encoding.ASCII.GetBytes(expected));
        (_next, _prepare) = (() => request, static _ => { });
    }

    /// <param name="address">Of one of the endpoints.</param>
    /// <param name="next">The whole bytes of a request.</param>
    /// <param name="prepare">Makes what load of some length needs.</param>
    /// <param name="expected">What every answer's body holds.</param>
    public FormTarget(Uri address, Func<byte[]> next, Action<TimeSpan> prepare, string expected) =>
        (Address, _next, _prepare, _expected) = (address, next, prepare, Encoding.ASCII.GetBytes(expected));

    public Uri Address { get; }

    /// <summary>With one request in flight on each.</summary>
    public int Connections { get; init; } = WrkTool.UsualConnections;

    public IPEndPoint Server => new(IPAddress.Parse(Address.Host), Address.Port);

    public string Path => Address.AbsolutePath;

    /// <summary>Null: it is another each time.</summary>
    public string? Form { get; }

    public IReadOnlyList<RequestHeader> Headers { get; } = [];

    /// <summary>What every answer's body holds.</summary>
    public ReadOnlySpan<byte> Expected => _expected;

    public ReadOnlySpan<byte> Next() => _next();

    public void Prepare(TimeSpan load) => _prepare(load);

    public static byte[] Bytes(Uri address, string form, IReadOnlyList<RequestHeader> headers) => Encoding.ASCII.GetBytes(
        $"POST {address.AbsolutePath} HTTP/1.1\r\nHost: {address.Authority}\r\n{string.Concat(headers.Select(header => $"{header.Name}: {header.Value}\r\n"))}" +
        $"Content-Type: {RequestHeader.FormType}\r\nContent-Length: {form.Length}\r\n\r\n{form}");
}
