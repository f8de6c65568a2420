using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Pltfrms.Iam.Token.OAuth;

/// <summary>
/// A JSON writer and its buffer, lent for a few lines that do not wait. Each thread keeps one: made anew, the two were a third of what an introspection
/// allocated.
/// </summary>
public sealed class JsonScratch : IDisposable
{
    // An answer with a token fits, also where the writer asks first for room for three bytes a character.
    private const int UsualSize = 4096;
    private const int LargestKept = 4 * UsualSize;

    // Nothing of ours is put into a page, so only what JSON itself demands is escaped.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    [ThreadStatic]
    private static JsonScratch? _spare;

    private readonly ArrayBufferWriter<byte> _buffer = new(UsualSize);

    private JsonScratch() => Writer = new(_buffer, Options);

    public Utf8JsonWriter Writer { get; }

    public static JsonScratch Rent()
    {
        var scratch = _spare ?? new();
        _spare = null;
        return scratch;
    }

    /// <summary>What has been written; good until it is disposed of.</summary>
    public ReadOnlySpan<byte> Written()
    {
        Writer.Flush();
        return _buffer.WrittenSpan;
    }

    /// <summary>Overwrites what may be tokens.</summary>
    public void Dispose()
    {
        Writer.Reset();
        _buffer.Clear();
        _spare = _buffer.Capacity <= LargestKept ? this : null;
    }
}
