using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;
using Pltfrms.Iam.Common.Authentication;

namespace Pltfrms.Iam.Token.Tokens;

/// <summary>
/// The hashes of tokens that are asked about again and again: to hash a token takes a tenth of a call, to see that it is the one of a moment ago a hundredth.
/// It says nothing of whether a token is good.
/// </summary>
/// <remarks>
/// The text of a token that was asked about twice is held for a minute at the most, and no more of them than there are slots: see docs/adr/0035. A token has one
/// slot, by its end, and whoever comes next with another one of that slot takes it over.
/// </remarks>
public sealed class RecentTokens : IDisposable
{
    private const int SlotBits = 12;

    /// <summary>Longer ones are not held; few of ours are.</summary>
    private const int MaxLength = 1024;

    /// <summary>In characters: 96 bits of a signature, or of an opaque token, which is all random.</summary>
    private const int EndLength = FixedTime.Size / sizeof(char);

    private static readonly TimeSpan HeldFor = TimeSpan.FromMinutes(1);

    private readonly Slot?[] _slots = new Slot?[1 << SlotBits];
    private readonly ITimer _forgetting;

    public RecentTokens(TimeProvider clock) => _forgetting = clock.CreateTimer(_ => Array.Clear(_slots), state: null, HeldFor, HeldFor);

    /// <param name="text">Any text.</param>
    public PresentedToken Read(string text)
    {
        if (!MayBeHeld(text.Length))
        {
            return new(text);
        }

        var end = EndOf(text);
        ref var slot = ref _slots[IndexOf(end)];
        var last = Volatile.Read(ref slot);
        if (last?.TextOf(text.Length, end) is { } held && held == text)
        {
            return new(text, last.Hash);
        }

        var token = new PresentedToken(text);
        // Most tokens of a service that sees many are asked about once: of these there is nothing to hold but the hash.
        Volatile.Write(ref slot, new Slot(token.Hash, last?.Hash == token.Hash ? text : null));
        return token;
    }

    /// <summary>The text that these bytes are, where it is held; else null.</summary>
    public string? TextOf(ReadOnlySpan<byte> ascii)
    {
        if (!MayBeHeld(ascii.Length))
        {
            return null;
        }

        var (lower, upper) = Vector128.Widen(Vector128.Create(ascii[^EndLength..]));
        var wide = Vector256.Create(lower, upper);
        var end = MemoryMarshal.AsBytes(new ReadOnlySpan<Vector256<ushort>>(in wide));
        return Volatile.Read(ref _slots[IndexOf(end)])?.TextOf(ascii.Length, end) is { } held && Ascii.Equals(ascii, held) ? held : null;
    }

    public void Dispose() => _forgetting.Dispose();

    private static bool MayBeHeld(int length) => length is >= EndLength and <= MaxLength;

    private static int IndexOf(ReadOnlySpan<byte> end) => (int)((MemoryMarshal.Read<ulong>(end) * 0x9E37_79B9_7F4A_7C15) >> (64 - SlotBits));

    private static ReadOnlySpan<byte> EndOf(string text) => MemoryMarshal.AsBytes(text.AsSpan(text.Length - EndLength));

    private sealed class Slot(TokenHash hash, string? text)
    {
        public TokenHash Hash => hash;

        /// <summary>The text that is held, if it is as long and ends so; null: it is none, or another.</summary>
        /// <remarks>
        /// Who guesses at a token learns nothing from how long it takes: only after all of its end, compared in constant time, are the other characters looked at.
        /// </remarks>
        public string? TextOf(int length, ReadOnlySpan<byte> end) =>
            text is not null && text.Length == length && FixedTime.Equals(EndOf(text), end) ? text : null;
    }
}
