using System.Diagnostics;
using System.Security.Cryptography;
using Pltfrms.Iam.Client;

namespace Benchmarks.Local;

/// <summary>How many checks one thread makes, of a token that it knows and of tokens that it does not; and how many ES256 verifications, with nothing else.</summary>
internal sealed class CheckSpeed(LocalClient client, LocalRealm realm)
{
    private const int Batch = 10_000;

    /// <summary>About as long as what is signed of a token.</summary>
    private const int SignedLength = 450;

    public async Task MeasureAsync(Report report)
    {
        var known = await realm.TokenAsync();
        await client.ReadyAsync(known);
        var tokens = await realm.TokensAsync(Settings.NewTokens * (Settings.Rounds + 1));
        Known(known, TimeSpan.FromSeconds(Math.Min(1, Settings.Measure.TotalSeconds)));
        Unknown(tokens.AsSpan(0, Settings.NewTokens));
        Verify(Settings.NewTokens);
        var fallbacks = client.Fallbacks;
        for (var round = 1; round <= Settings.Rounds; round++)
        {
            var (perSecond, bytes) = Known(known, Settings.Measure);
            report.Add("known per second", perSecond);
            report.Add("known bytes", bytes);
            report.Add("verifications per second", Verify(Settings.NewTokens));
            report.Add("unknown per second", Unknown(tokens.AsSpan(round * Settings.NewTokens, Settings.NewTokens)));
        }

        report.Add("fallbacks", client.Fallbacks - fallbacks);
    }

    private (double PerSecond, double Bytes) Known(string token, TimeSpan time)
    {
        var (start, allocated, checks) = (Stopwatch.GetTimestamp(), GC.GetAllocatedBytesForCurrentThread(), 0L);
        while (Stopwatch.GetElapsedTime(start) < time)
        {
            for (var i = 0; i < Batch; i++)
            {
                Check(token);
            }

            checks += Batch;
        }

        var bytes = (GC.GetAllocatedBytesForCurrentThread() - allocated) / (double)checks;
        return (checks / Stopwatch.GetElapsedTime(start).TotalSeconds, bytes);
    }

    private double Unknown(ReadOnlySpan<string> tokens)
    {
        var start = Stopwatch.GetTimestamp();
        foreach (var token in tokens)
        {
            Check(token);
        }

        return tokens.Length / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private void Check(string token)
    {
        var deciding = client.Iam.CheckPermissionAsync(token, LocalRealm.Permission, null, CancellationToken.None);
        var decision = deciding.IsCompletedSuccessfully ? deciding.Result : Wait(deciding);
        if (!decision.Allowed)
        {
            throw new InvalidOperationException($"A good token is denied: {decision.Reason}");
        }
    }

    private static PermissionDecision Wait(Task<PermissionDecision> deciding) => deciding.GetAwaiter().GetResult();

    private static double Verify(int count)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var signed = RandomNumberGenerator.GetBytes(SignedLength);
        var signature = key.SignData(signed, HashAlgorithmName.SHA256);
        using var verifier = ECDsa.Create(key.ExportParameters(includePrivateParameters: false));
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
        {
            if (!verifier.VerifyData(signed, signature, HashAlgorithmName.SHA256))
            {
                throw new CryptographicException("The signature was good when it was made.");
            }
        }

        return count / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
