namespace Benchmarks.Load.Peers;

/// <summary>A peer from npm: the files of benchmarks/peers with the packages that they pin.</summary>
internal static class NodePackage
{
    /// <summary>Installs what is missing; the folder.</summary>
    public static async Task<string> InstallAsync(Settings settings, string name)
    {
        var source = Path.Combine(settings.Root, "benchmarks", "peers", name);
        var folder = PeerCache.Folder(name);
        var packages = await File.ReadAllTextAsync(Path.Combine(source, "package.json"));
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(folder, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy, overwrite: true);
        }

        if (!PeerCache.Has(folder, packages))
        {
            // Some platforms' packages are missing in some registries, so a lock file would not install.
            await PeerCache.RunAsync("npm", ["install", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error", "--prefix", folder], folder);
            PeerCache.Keep(folder, packages);
        }

        return folder;
    }
}
