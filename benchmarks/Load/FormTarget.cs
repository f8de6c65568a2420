using System.Net;
using System.Text;

namespace Benchmarks.Load;

/// <summary>A form POST: one whose bytes are built once, or one that carries something else each time.</summary>
internal sealed class FormTarget
{
    private readonly byte[] _request;
    private readonly byte[] _expected;
    private readonly SignedRequests? _signed;

    /// <param name="address">The endpoint.</param>
    /// <param name="form">The body, encoded.</param>
    /// <param name="headers">Besides those that every form has.</param>
    /// <param name="expected">What every answer's body holds.</param>
    public FormTarget(Uri address, string form, IReadOnlyList<RequestHeader> headers, string expected)
        : this(address, Bytes(address, form, headers), null, expected) =>
        (Form, Headers) = (form, headers);

    public FormTarget(Uri address, SignedRequests signed, string expected)
        : this(address, [], signed, expected)
    {
    }

    private FormTarget(Uri address, byte[] request, SignedRequests? signed, string expected)
    {
        Address = address;
        Server = new(IPAddress.Parse(address.Host), address.Port);
        (_request, _signed, _expected) = (request, signed, Encoding.ASCII.GetBytes(expected));
    }

    public Uri Address { get; }

    public IPEndPoint Server { get; }

    public string Path => Address.AbsolutePath;

    /// <summary>Null: it is another each time.</summary>
    public string? Form { get; }

    public IReadOnlyList<RequestHeader> Headers { get; } = [];

    /// <summary>What every answer's body holds.</summary>
    public ReadOnlySpan<byte> Expected => _expected;

    public ReadOnlySpan<byte> Next() => _signed is null ? _request : _signed.Next();

    public void Prepare(TimeSpan load) => _signed?.Prepare(load);

    public static byte[] Bytes(Uri address, string form, IReadOnlyList<RequestHeader> headers) => Encoding.ASCII.GetBytes(
        $"POST {address.AbsolutePath} HTTP/1.1\r\nHost: {address.Authority}\r\n{string.Concat(headers.Select(header => $"{header.Name}: {header.Value}\r\n"))}" +
        $"Content-Type: {RequestHeader.FormType}\r\nContent-Length: {form.Length}\r\n\r\n{form}");
}
