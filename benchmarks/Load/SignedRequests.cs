using System.Security.Cryptography;

namespace Benchmarks.Load;

/// <summary>
/// Requests of which each carries something newly signed that counts once. They are made before the load that takes them, so that the generator's
/// signing is in no measurement; should they run out, more are made in passing.
/// </summary>
internal sealed class SignedRequests(ECDsa key, Func<ECDsa, byte[]> make)
{
    /// <summary>More than any server here answers.</summary>
    private const int MostPerSecond = 20_000;

    private readonly ECParameters _parameters = key.ExportParameters(includePrivateParameters: true);
    private byte[][] _made = [];
    private int _next;

    /// <summary>Makes enough for load of this length. What is left of earlier ones may be too old by now.</summary>
    public void Prepare(TimeSpan load)
    {
        var made = new byte[(int)(MostPerSecond * load.TotalSeconds)][];
        Parallel.For(
            0,
            made.Length,
            () => ECDsa.Create(_parameters),
            (i, _, own) =>
            {
                made[i] = make(own);
                return own;
            },
            own => own.Dispose());
        (_made, _next) = (made, 0);
    }

    /// <summary>One that nobody has had before. The generator has one thread.</summary>
    public byte[] Next() => _next < _made.Length ? _made[_next++] : make(key);
}
