using System.Net;
using System.Text;

namespace Benchmarks.Load;

/// <summary>A form POST: one whose bytes are built once, or one that carries something else each time.</summary>
internal sealed class FormTarget
{
    private readonly byte[] _request;
    private readonly byte[] _expected;
    private readonly SignedRequests? _signed;

    public FormTarget(Uri address, string form, string? authorization, string expected)
        : this(address, Bytes(address, form, Header("Authorization", authorization)), null, expected)
    {
    }

    public FormTarget(Uri address, SignedRequests signed, string expected)
        : this(address, [], signed, expected)
    {
    }

    private FormTarget(Uri address, byte[] request, SignedRequests? signed, string expected)
    {
        Server = new(IPAddress.Parse(address.Host), address.Port);
        Path = address.AbsolutePath;
        (_request, _signed, _expected) = (request, signed, Encoding.ASCII.GetBytes(expected));
    }

    /// <summary>One whose bytes are built once, with these headers.</summary>
    public static FormTarget Fixed(Uri address, string form, string headers, string expected) => new(address, Bytes(address, form, headers), null, expected);

    public IPEndPoint Server { get; }

    public string Path { get; }

    /// <summary>What every answer's body holds.</summary>
    public ReadOnlySpan<byte> Expected => _expected;

    public ReadOnlySpan<byte> Next() => _signed is null ? _request : _signed.Next();

    public void Prepare(TimeSpan load) => _signed?.Prepare(load);

    /// <param name="address">The endpoint.</param>
    /// <param name="form">The body, encoded.</param>
    /// <param name="headers">Whole lines, or nothing.</param>
    public static byte[] Bytes(Uri address, string form, string headers) => Encoding.ASCII.GetBytes(
        $"POST {address.AbsolutePath} HTTP/1.1\r\nHost: {address.Authority}\r\n{headers}" +
        $"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {form.Length}\r\n\r\n{form}");

    /// <summary>The header's line; empty where it has no value.</summary>
    public static string Header(string name, string? value) => value is null ? "" : $"{name}: {value}\r\n";
}
