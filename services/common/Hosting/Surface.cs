namespace Pltfrms.Iam.Common.Hosting;

/// <summary>What a listener is for. Set as a feature of each of its connections.</summary>
internal sealed class Surface
{
    public static readonly Surface Grpc = new();

    public static readonly Surface Http = new();
}
